from django.urls import path

from accounts.api import family, tokens, users

urlpatterns = [
    path("auth/token/", tokens.LogIn.as_view(), name="log-in"),
    path("auth/token/refresh/", tokens.RefreshTokens.as_view(), name="refresh-tokens"),
    path("auth/logout/", tokens.LogOut.as_view(), name="log-out"),
    path("auth/password/reset/", tokens.ResetPassword.as_view(), name="reset-password"),
    path("users/", users.Users.as_view(), name="list-users"),
    path("users/me/", users.UserOfToken.as_view(), name="show-me"),
    path("family/", family.Family.as_view(), name="list-family"),
]
