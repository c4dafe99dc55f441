from django import forms
from django.utils.translation import gettext_lazy as _

from hms.core.forms import RowForm
from scheduling.forms.styled import StyledForm
from scheduling.models.appointment import WHAT_WAS_BOOKED
from scheduling.statuses import HERE


class JoinVideoForm(StyledForm, RowForm):
    """What the telemedicine guidelines ask: who is there, and the consent to be treated in this way."""

    columns, relies_on = (), WHAT_WAS_BOOKED

    is_there = forms.BooleanField(
        error_messages={"required": _("Confirm that the patient takes part in the call.")}
    )
    consents = forms.BooleanField(
        label=_(
            "I consent to a consultation by video. The doctor cannot examine by hand, may ask for a visit in "
            "person instead, and I can end the call at any time."
        ),
        error_messages={"required": _("Confirm your consent, or call us for a visit in person.")},
    )

    def __init__(self, *args, row, **kwargs):
        super().__init__(*args, row=row, **kwargs)
        patient = row.patient
        words = _(
            "%(patient)s, born on %(born)s, takes part in the call with an adult of the family or guardian."
        )
        if not patient.is_minor:
            words = _("%(patient)s, born on %(born)s, takes part in the call.")
        self.fields["is_there"].label = words % {
            "patient": patient.full_name,
            "born": f"{patient.date_of_birth:%-d %B %Y}",
        }

    def is_done(self, row):
        return row.status in HERE and row.video_consent_at is not None
