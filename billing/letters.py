"""What we write to payers about their money; sent after the commit, and never able to undo it."""

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from billing.models import Payment, Refund


def tell_about_refund(pk: int) -> None:
    """Tell the payer that money is on its way back, how much and why."""
    refund = Refund.objects.select_related(
        "payment__by", "payment__invoice__patient", "payment__invoice__appointment__doctor"
    ).get(pk=pk)
    address = address_of_payer(refund.payment)
    if not address:
        return
    send_mail(
        subject=_("Your money is on its way back"),
        message=render_to_string(
            "billing/mail/refund.txt", {"refund": refund, "hospital": settings.HOSPITAL}
        ),
        from_email=None,
        recipient_list=[address],
    )


def address_of_payer(payment: Payment) -> str:
    """Whoever paid online; for money taken at the desk the patient, who may have said no to mail."""
    if payment.by and not payment.by.is_staff:
        return payment.by.email
    patient = payment.invoice.patient
    return patient.email if patient.wants_email else ""
