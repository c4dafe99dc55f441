from django.urls import path

from clinical.views import allergies, prescriptions, problems, results, visits, vitals

app_name = "clinical"
urlpatterns = [
    path("me/records/allergies/", allergies.list_allergies, name="list-allergies"),
    path("me/records/problems/", problems.list_problems, name="list-problems"),
    path("me/records/results/", results.list_results, name="list-results"),
    path("me/records/results/<str:reference>/", results.show_result, name="show-result"),
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
    path("me/records/vitals/", vitals.list_vitals, name="list-vitals"),
]
