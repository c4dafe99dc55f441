import uuid
from hashlib import sha256

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Guardianship, Patient
from scheduling.forms.styled import TOO_LONG, StyledForm
from scheduling.statuses import VisitKind

HAS_BEEN_SEEN = [
    (VisitKind.FIRST, _("No, this is my first visit")),
    (VisitKind.FOLLOW_UP, _("Yes, this is a follow-up")),
]


class BookingForm(StyledForm):
    """The patient and the symptoms; the key makes a second submission harmless."""

    patient = forms.ChoiceField(
        label=_("Patient"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose who the appointment is for."),
            "invalid_choice": _("Choose one of the people you may book for."),
        },
    )
    visit_kind = forms.ChoiceField(
        label=_("Have you seen this doctor before?"),
        help_text=_("More time is kept for a first visit."),
        choices=HAS_BEEN_SEEN,
        initial=VisitKind.FIRST,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the answers.")},
    )
    symptoms = forms.CharField(
        label=_("What it is about"),
        help_text=_(
            "Tell the doctor what your symptoms are and when they began. "
            "It may be read only at the visit, so do not use it in an emergency."
        ),
        required=False,
        max_length=1000,
        error_messages={"max_length": TOO_LONG},
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    key = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args, guardianships: list[Guardianship], asks_kind: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        if not asks_kind:
            del self.fields["visit_kind"]
        self.guardianships = {guardianship.patient.reference: guardianship for guardianship in guardianships}
        self.fields["patient"].choices = [
            (key, guardianship.patient.full_name) for key, guardianship in self.guardianships.items()
        ]
        if len(self.guardianships) == 1:
            self.initial.setdefault("patient", next(iter(self.guardianships)))
        self.initial.setdefault("key", uuid.uuid4().hex)

    def clean_patient(self) -> Patient:
        return self.guardianships[self.cleaned_data["patient"]].patient

    def people(self) -> list[dict]:
        return [
            {"radio": radio, "guardianship": self.guardianships[radio.data["value"]]}
            for radio in self["patient"]
        ]

    def idempotency_key(self, *booking_request: object) -> str | None:
        """The key of this booking request: the same when resubmitted, another when anything differs."""
        key = self.cleaned_data["key"]
        return sha256(repr((key, *booking_request)).encode()).hexdigest() if key else None
