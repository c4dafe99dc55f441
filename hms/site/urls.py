from django.urls import path

from hms.site import csp_reports, health, views
from hms.site.book_now import BookNow
from hms.site.find_care import find_care
from hms.site.who_accessed import who_accessed

app_name = "site"
urlpatterns = [
    path("", views.home, name="home"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("csp-reports/", csp_reports.receive, name="csp-reports"),
    path("find-care/", find_care, name="find-care"),
    path("book/<str:reference>/now/", BookNow.as_view(), name="book-now"),
    path("me/", views.dashboard, name="dashboard"),
    path("me/records/", views.list_records, name="records"),
    path("me/records/access/", who_accessed, name="who-accessed"),
]
