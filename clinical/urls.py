from django.urls import path

from clinical.views import allergies, prescriptions, visits

app_name = "clinical"
urlpatterns = [
    path("me/records/allergies/", allergies.list_allergies, name="list-allergies"),
    path("me/records/medicines/", prescriptions.list_medicines, name="list-medicines"),
    path(
        "me/records/prescriptions/<str:reference>/", prescriptions.show_prescription, name="show-prescription"
    ),
    path(
        "me/records/prescriptions/<str:reference>.pdf",
        prescriptions.download_prescription,
        name="download-prescription",
    ),
    path("me/records/visits/<str:reference>/", visits.show_visit, name="show-visit"),
]
