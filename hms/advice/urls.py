from django.urls import path

from hms.advice import views

app_name = "advice"
urlpatterns = [
    path("advice/", views.list_articles, name="list-articles"),
    path("advice/<slug:slug>/", views.show_article, name="show-article"),
]
