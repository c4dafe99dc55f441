"""Pages of the staff site that are not lists of one model; `hms.site` adds them to its addresses.

Each is a route, a view that takes the admin site and the request, and the name within `admin:`.
"""

from clinical.admin.chart import show_chart
from clinical.admin.consultation import show_consultation
from clinical.admin.emergency import show_emergency
from clinical.admin.prescribing import find_medicines, prescribe
from clinical.admin.prescribing_review import review_prescribing

PAGES = (
    ("chart/<str:mrn>/", show_chart, "chart"),
    ("consultation/<str:reference>/", show_consultation, "consultation"),
    ("emergency/", show_emergency, "emergency"),
    ("medicines/", find_medicines, "find-medicines"),
    ("prescribe/<str:reference>/", prescribe, "prescribe"),
    ("prescribing/", review_prescribing, "review-prescribing"),
)
