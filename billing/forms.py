"""Forms for payments and refunds. The amount to pay always comes from the bill, never from a form."""

from django import forms
from django.core.validators import MinValueValidator
from django.utils.translation import gettext_lazy as _

from billing.statuses import Method
from hms.core.forms import OnceForm, RowForm
from hms.core.money import PAISA

AT_DESK = "desk"
ONLINE = "online"  # the method when the request names none
WAYS = [
    (Method.CARD.value, _("Card"), _("Credit or debit card, on the bank's page")),
    (Method.UPI.value, _("UPI"), _("Any UPI app, on the bank's page")),
    (AT_DESK, _("At the front desk"), _("Cash, card or UPI when you come")),
]


class PayForm(OnceForm):
    """The way to pay, and the total shown, which is compared with the current price."""

    pay = forms.ChoiceField(
        label=_("How do you want to pay?"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose how you want to pay."),
            "invalid_choice": _("Choose one of the ways of paying."),
        },
    )
    total = forms.DecimalField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, ways: list[str], **kwargs):
        super().__init__(*args, **kwargs)
        self.ways = ways
        self.fields["pay"].choices = [(way, label) for way, label, _note in WAYS if way in ways]
        if Method.CARD in ways and self.data.get("pay") == ONLINE:
            self.data = self.data.copy()
            self.data["pay"] = Method.CARD.value

    def options(self) -> list[dict]:
        notes = {way: note for way, _label, note in WAYS}
        return [{"radio": radio, "note": notes[radio.data["value"]]} for radio in self["pay"]]


class DeskPaymentForm(OnceForm):
    method = forms.ChoiceField(
        label=_("Paid by"), choices=Method, widget=forms.RadioSelect, initial=Method.CASH
    )
    total = forms.DecimalField(required=False, widget=forms.HiddenInput)  # as the page shows it


class RefundForm(OnceForm, RowForm):
    columns, relies_on = (), ("refunded_amount",)  # a concurrent refund shows as an edit conflict

    amount = forms.DecimalField(
        label=_("Amount"), max_digits=11, decimal_places=2, validators=[MinValueValidator(PAISA)]
    )
    reason = forms.CharField(label=_("Reason"), max_length=200)

    def is_done(self, row):
        return row.refunds.filter(idempotency_key__endswith=f"/{self.cleaned_data['key']}").exists()


class SeenForm(RowForm):
    columns, relies_on = (), ("seen_at", "seen_note")

    note = forms.CharField(
        label=_("Note"),
        max_length=200,
        help_text=_("What was done: for example, asked the bank, told the patient."),
    )
