from django.urls import path

from billing.views import bank, bills, check, payments

app_name = "billing"
urlpatterns = [
    path("book/<str:reference>/check/", check.CheckBooking.as_view(), name="check-booking"),
    # Before the payment page, whose pattern accepts any text; references have no lower-case letters.
    path("pay/simulated/callback/", bank.GatewayCallback.as_view(), name="callback-simulated"),
    path("pay/simulated/<str:reference>/", bank.PaySimulated.as_view(), name="pay-simulated"),
    path("pay/<str:reference>/", payments.show_payment, name="show-payment"),
    path("me/bills/", bills.list_bills, name="list-bills"),
    path("me/bills/<str:reference>/pay/", bills.pay_bill, name="pay-bill"),
    path("me/bills/<str:reference>/receipt/", bills.show_receipt, name="show-receipt"),
    path("me/bills/<str:reference>/receipt.pdf", bills.download_receipt, name="download-receipt"),
]
