"""Pages of the staff site that are not lists of one model; `hms.site` adds them to its addresses.

Each is a route, a view that takes the admin site and the request, and the name within `admin:`.
"""

from clinical.admin.chart import show_chart
from clinical.admin.consultation import show_consultation
from clinical.admin.diagnosis_search import show_diagnoses
from clinical.admin.emergency import show_emergency
from clinical.admin.record_vitals import show_vitals

PAGES = (
    ("chart/<str:mrn>/", show_chart, "chart"),
    ("consultation/<str:reference>/", show_consultation, "consultation"),
    ("diagnoses/", show_diagnoses, "diagnoses"),
    ("emergency/", show_emergency, "emergency"),
    ("vitals/<str:reference>/", show_vitals, "vitals"),
)
