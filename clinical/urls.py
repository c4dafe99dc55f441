from django.urls import path

from clinical.views import allergies, problems, reviews, visits, vitals

app_name = "clinical"
urlpatterns = [
    path("me/records/allergies/", allergies.list_allergies, name="list-allergies"),
    path("me/records/problems/", problems.list_problems, name="list-problems"),
    path("me/records/visits/<str:reference>/", visits.show_visit, name="show-visit"),
    path("me/reviews/", reviews.list_reviews, name="list-reviews"),
    path("me/reviews/<str:reference>/", reviews.write, name="write-review"),
    path("me/reviews/<str:reference>/withdraw/", reviews.withdraw, name="withdraw-review"),
    path("me/records/vitals/", vitals.list_vitals, name="list-vitals"),
]
