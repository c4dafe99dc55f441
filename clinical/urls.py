from django.urls import path

from clinical.views import allergies

app_name = "clinical"
urlpatterns = [
    path("me/records/allergies/", allergies.list_allergies, name="list-allergies"),
]
