from django.urls import path

from clinical.views import (
    allergies,
    certificates,
    files,
    prescriptions,
    problems,
    results,
    reviews,
    verify,
    visits,
    vitals,
)

app_name = "clinical"
urlpatterns = [
    path("me/records/allergies/", allergies.list_allergies, name="list-allergies"),
    path("me/records/certificates/", certificates.list_certificates, name="list-certificates"),
    path("me/records/certificates/<str:reference>/", certificates.show_certificate, name="show-certificate"),
    path(
        "me/records/certificates/<str:reference>.pdf",
        certificates.download_certificate,
        name="download-certificate",
    ),
    path("me/records/files/", files.list_files, name="list-files"),
    path("me/records/files/<str:reference>/", files.download_file, name="download-file"),
    path("me/records/problems/", problems.list_problems, name="list-problems"),
    path("me/records/results/", results.list_results, name="list-results"),
    path("me/records/results/<str:reference>/", results.show_result, name="show-result"),
    path("me/records/results/<str:reference>/print/", results.print_result, name="print-result"),
    path("me/records/results/<str:reference>.pdf", results.download_result, name="download-result"),
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
    path("me/records/visits/<str:reference>/print/", visits.print_visit, name="print-visit"),
    path("me/records/visits/<str:reference>.pdf", visits.download_visit, name="download-visit"),
    path("me/reviews/", reviews.list_reviews, name="list-reviews"),
    path("me/reviews/<str:reference>/", reviews.write, name="write-review"),
    path("me/reviews/<str:reference>/withdraw/", reviews.withdraw, name="withdraw-review"),
    path("me/records/vitals/", vitals.list_vitals, name="list-vitals"),
    path("verify/<str:code>/", verify.verify, name="verify"),
]
