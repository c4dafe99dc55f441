from django.urls import path

from hms.reports.api import reports

urlpatterns = [
    path("reports/", reports.Reports.as_view(), name="list-reports"),
    path("reports/<str:ref>/", reports.OneReport.as_view(), name="show-report"),
]
