from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("hms.site.urls")),
    path("", include("scheduling.urls")),
    path("", include("billing.urls")),
    path("accounts/", include("allauth.urls")),
    path("me/", include("accounts.urls")),
    path("admin/", admin.site.urls),
]
