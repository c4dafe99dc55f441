from django.urls import path

from scheduling.views import (
    appointments,
    booking,
    branches,
    changes,
    departments,
    doctors,
    photos,
    suggestions,
    times,
    visit_link,
)

app_name = "scheduling"
urlpatterns = [
    path("doctors/", doctors.list_doctors, name="list-doctors"),
    path("doctors/suggestions/", suggestions.suggest_doctors, name="suggest-doctors"),
    path("doctors/<str:reference>/", doctors.show_doctor, name="show-doctor"),
    path("doctors/<str:reference>/times/", times.show_times, name="show-times"),
    # The address that MEDIA_URL and the photo's upload_to form.
    path("media/doctors/<str:name>", photos.show_photo, name="show-photo"),
    path("branches/", branches.list_branches, name="list-branches"),
    path("branches/<slug:code>/", branches.show_branch, name="show-branch"),
    path("departments/<slug:slug>/", departments.show_department, name="show-department"),
    path(
        "departments/<slug:slug>/times/",
        times.show_department_times,
        name="show-department-times",
    ),
    path("departments/<slug:slug>/book/", departments.choose_doctor, name="choose-doctor"),
    path("book/<str:reference>/", booking.StartBooking.as_view(), name="start-booking"),
    path("book/<str:reference>/done/", appointments.show_confirmation, name="show-confirmation"),
    path("v/<str:code>/", visit_link.answer_visit, name="answer-visit"),
    path("me/appointments/", appointments.list_appointments, name="list-appointments"),
    path("me/appointments/<str:reference>/", appointments.show_appointment, name="show-appointment"),
    path(
        "me/appointments/<str:reference>/symptoms/",
        changes.edit_appointment_symptoms,
        name="edit-symptoms",
    ),
    path("me/appointments/<str:reference>/reschedule/", changes.reschedule, name="reschedule"),
    path("me/appointments/<str:reference>/cancel/", changes.cancel, name="cancel"),
    path(
        "me/appointments/<str:reference>/calendar.ics",
        appointments.download_calendar,
        name="download-calendar",
    ),
]
