from django.urls import path

from scheduling.api import bookings, directory, hours, photo, slots

urlpatterns = [
    path("departments/", directory.Departments.as_view(), name="list-departments"),
    path("departments/<str:ref>/", directory.OneDepartment.as_view(), name="show-department"),
    path("departments/<str:ref>/doctors/", directory.DoctorsOfDepartment.as_view(), name="add-doctor"),
    path("departments/<str:ref>/slots/", slots.SlotsOfDepartment.as_view(), name="list-department-slots"),
    path("doctors/", directory.Doctors.as_view(), name="list-doctors"),
    path("doctors/<str:ref>/", directory.OneDoctor.as_view(), name="show-doctor"),
    path("doctors/<str:ref>/photo/", photo.Photo.as_view(), name="put-photo"),
    path("doctors/<str:ref>/slots/", slots.SlotsOfDoctor.as_view(), name="list-doctor-slots"),
    path("doctors/<str:ref>/schedules/", hours.Shifts.as_view(), name="list-shifts"),
    path("doctors/<str:ref>/schedules/<int:number>/", hours.OneShift.as_view(), name="show-shift"),
    path("doctors/<str:ref>/exceptions/", hours.TimesOff.as_view(), name="list-time-off"),
    path("doctors/<str:ref>/exceptions/<int:number>/", hours.OneTimeOff.as_view(), name="show-time-off"),
    path("bookings/", bookings.Bookings.as_view(), name="list-bookings"),
    path("bookings/<str:ref>/", bookings.OneBooking.as_view(), name="show-booking"),
]
