from django.urls import path

from hms.webhooks.api import deliveries, endpoints

urlpatterns = [
    path("webhooks/", endpoints.Webhooks.as_view(), name="list-webhooks"),
    path("webhooks/<str:ref>/", endpoints.OneWebhook.as_view(), name="show-webhook"),
    path("webhooks/<str:ref>/rotate/", endpoints.RotateWebhook.as_view(), name="rotate-webhook"),
    path("webhooks/<str:ref>/test/", deliveries.SendTest.as_view(), name="test-webhook"),
    path("webhooks/<str:ref>/deliveries/", deliveries.Deliveries.as_view(), name="list-deliveries"),
    path(
        "webhooks/<str:ref>/deliveries/<str:delivery>/send/",
        deliveries.SendAgain.as_view(),
        name="send-delivery",
    ),
]
