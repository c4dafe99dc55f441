from django.urls import path

from hms.notifications import views

app_name = "notifications"
urlpatterns = [
    path("me/messages/", views.choose, name="choose-messages"),
    path("unsubscribe/<str:token>/", views.unsubscribe, name="unsubscribe"),
]
