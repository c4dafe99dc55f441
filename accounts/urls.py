from django.urls import path

from accounts.views import family, profile

app_name = "accounts"
urlpatterns = [
    path("profile/", profile.show_profile, name="show-profile"),
    path("profile/<str:reference>/", profile.edit_patient, name="edit-patient"),
    path("family/", family.list_family, name="list-family"),
    path("family/add/", family.add_dependant, name="add-dependant"),
    path("family/<str:reference>/revoke/", family.revoke_care, name="revoke-care"),
]
