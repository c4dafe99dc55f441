"""Pages of the staff site that are not lists of one model; `hms.site` adds them to its addresses.

Each is a route, a view that takes the admin site and the request, and the name within `admin:`.
"""

from clinical.admin.attachments import attach_file_page, download_file
from clinical.admin.certificates import download_certificate, issue_certificate_page, show_certificate
from clinical.admin.chart import show_chart
from clinical.admin.consultation import show_consultation
from clinical.admin.diagnosis_search import show_diagnoses
from clinical.admin.emergency import show_emergency
from clinical.admin.lab_job import correct, print_label, show_job
from clinical.admin.lab_ordering import order_page
from clinical.admin.lab_worklist import show_worklist, take_lab_step
from clinical.admin.prescribing import find_medicines, prescribe
from clinical.admin.prescribing_review import review_prescribing
from clinical.admin.record_vitals import show_vitals
from clinical.admin.results_inbox import show_inbox, show_result

PAGES = (
    ("attachments/<str:mrn>/", attach_file_page, "attach-file"),
    ("certificates/new/<str:reference>/", issue_certificate_page, "issue-certificate"),
    ("certificates/<str:reference>/", show_certificate, "show-certificate"),
    ("certificates/<str:reference>.pdf", download_certificate, "download-certificate"),
    ("chart/<str:mrn>/", show_chart, "chart"),
    ("consultation/<str:reference>/", show_consultation, "consultation"),
    ("diagnoses/", show_diagnoses, "diagnoses"),
    ("emergency/", show_emergency, "emergency"),
    ("files/<str:reference>/", download_file, "download-file"),
    ("vitals/<str:reference>/", show_vitals, "vitals"),
    ("lab/", show_worklist, "lab"),
    ("lab/step/", take_lab_step, "lab-step"),
    ("lab/order/<str:reference>/", order_page, "order-tests"),
    ("lab/<str:reference>/", show_job, "lab-job"),
    ("lab/<str:reference>/correct/", correct, "lab-correct"),
    ("lab/<str:reference>/label/", print_label, "lab-label"),
    ("results/", show_inbox, "results"),
    ("results/<str:reference>/", show_result, "result"),
    ("medicines/", find_medicines, "find-medicines"),
    ("prescribe/<str:reference>/", prescribe, "prescribe"),
    ("prescribing/", review_prescribing, "review-prescribing"),
)
