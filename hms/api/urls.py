from django.urls import include, path

from hms.api import docs, stats

app_name = "api"
urlpatterns = [
    path("", include("scheduling.api.urls")),  # asked most often, so looked through first
    path("schema/", docs.show_schema, name="schema"),
    path("docs/", docs.show_docs, name="docs"),
    path("stats/", stats.Stats.as_view(), name="show-stats"),
    path("", include("accounts.api.urls")),
    path("", include("clinical.api.urls")),
    path("", include("billing.api.urls")),
    path("", include("hms.webhooks.api.urls")),
    path("", include("hms.reports.api.urls")),
]
