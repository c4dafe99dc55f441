"""Pages of the staff site that are not lists of one model; `hms.site` adds them to its addresses.

Each is a route, a view that takes the admin site and the request, and the name within `admin:`.
"""

from clinical.admin.consultation import show_consultation

PAGES = (("consultation/<str:reference>/", show_consultation, "consultation"),)
