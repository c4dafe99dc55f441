from django.urls import path

from scheduling.views import (
    appointments,
    booking,
    branches,
    calendar_feeds,
    changes,
    check_in,
    departments,
    doctors,
    missed,
    photos,
    queue,
    suggestions,
    times,
    video,
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
    path("check-in/", check_in.check_in, name="check-in"),
    path("check-in/poster/", check_in.show_poster, name="show-check-in-poster"),
    path("q/<str:token>/", queue.show_place, name="show-place"),
    path("q/<str:token>/slip/", queue.show_slip, name="show-slip"),
    path("queue/<slug:code>/", queue.show_screen, name="show-screen"),
    path("me/calendar/", calendar_feeds.list_feeds, name="list-feeds"),
    path("me/calendar/<str:key>.ics", calendar_feeds.read_feed, name="read-feed"),
    path("me/calendar/<str:reference>/revoke/", calendar_feeds.revoke, name="revoke-feed"),
    path("me/appointments/", appointments.list_appointments, name="list-appointments"),
    path("me/appointments/<str:reference>/", appointments.show_appointment, name="show-appointment"),
    path(
        "me/appointments/<str:reference>/symptoms/",
        changes.edit_appointment_symptoms,
        name="edit-symptoms",
    ),
    path("me/appointments/<str:reference>/reschedule/", changes.reschedule, name="reschedule"),
    path("me/appointments/<str:reference>/video/", video.join, name="join-video"),
    path("me/appointments/<str:reference>/missed/", missed.explain, name="explain-missed"),
    path("me/appointments/<str:reference>/cancel/", changes.cancel, name="cancel"),
    path(
        "me/appointments/<str:reference>/calendar.ics",
        appointments.download_calendar,
        name="download-calendar",
    ),
]
