from django.urls import path

from clinical.api import prescriptions, records, results

urlpatterns = [
    path("records/", records.Records.as_view(), name="list-records"),
    path("records/<str:ref>/", records.OneRecord.as_view(), name="show-record"),
    path("prescriptions/", prescriptions.Prescriptions.as_view(), name="list-prescriptions"),
    path("prescriptions/<str:ref>/", prescriptions.OnePrescription.as_view(), name="show-prescription"),
    path("results/", results.Results.as_view(), name="list-results"),
    path("results/<str:ref>/", results.OneResult.as_view(), name="show-result"),
]
