from django.contrib import admin
from django.urls import include, path

from accounts.views.sessions import list_sessions
from accounts.views.signup import SignUpView

handler500 = "hms.site.unavailable.handler500"
urlpatterns = [
    path("api/v1/", include("hms.api.urls")),
    path("", include("hms.site.urls")),
    path("", include("scheduling.urls")),
    path("", include("hms.advice.urls")),
    path("", include("hms.notifications.urls")),
    path("", include("clinical.urls")),
    path("", include("billing.urls")),
    path("accounts/signup/", SignUpView.as_view(), name="account_signup"),
    path("accounts/sessions/", list_sessions, name="usersessions_list"),
    path("accounts/", include("allauth.urls")),
    path("me/", include("accounts.urls")),
    path("admin/", admin.site.urls),
]
