from django.urls import path

from billing.api import invoices

urlpatterns = [
    path("invoices/", invoices.Invoices.as_view(), name="list-invoices"),
    path("invoices/<str:ref>/", invoices.OneInvoice.as_view(), name="show-invoice"),
]
