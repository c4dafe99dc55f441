from django.urls import path

from billing.api import invoices, paying, transactions

urlpatterns = [
    path("bookings/<str:ref>/transactions/", paying.PayBooking.as_view(), name="start-transaction"),
    path("invoices/", invoices.Invoices.as_view(), name="list-invoices"),
    path("invoices/<str:ref>/", invoices.OneInvoice.as_view(), name="show-invoice"),
    path("transactions/", transactions.Transactions.as_view(), name="list-transactions"),
    path("transactions/<str:ref>/", paying.OneTransaction.as_view(), name="show-transaction"),
    path("transactions/<str:ref>/refund/", paying.RefundTransaction.as_view(), name="refund-transaction"),
]
