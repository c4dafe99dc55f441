from django.urls import path

from clinical.views import allergies, problems, visits, vitals

app_name = "clinical"
urlpatterns = [
    path("me/records/allergies/", allergies.list_allergies, name="list-allergies"),
    path("me/records/problems/", problems.list_problems, name="list-problems"),
    path("me/records/visits/<str:reference>/", visits.show_visit, name="show-visit"),
    path("me/records/vitals/", vitals.list_vitals, name="list-vitals"),
]
