from django import forms
from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from clinical.statuses import AttachmentKind
from scheduling.models import Appointment

ACCEPTED = ".pdf,.png,.jpg,.jpeg,.webp"


def words_of_visit(visit: Appointment) -> str:
    return f"{date_format(localtime(visit.starts_at), 'j M Y')}, {visit.doctor}"


class AttachForm(forms.Form):
    """A file and what it is; the service examines it."""

    title = forms.CharField(label=_("Title"), max_length=120)
    kind = forms.ChoiceField(label=_("Kind"), choices=AttachmentKind.chosen)
    appointment = forms.ModelChoiceField(label=_("Visit"), queryset=None, required=False)
    upload = forms.FileField(
        label=_("File"),
        max_length=255,
        help_text=_("PDF, PNG, JPEG or WebP. Where a photograph was taken is removed from it."),
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
    )
    is_released = forms.BooleanField(label=_("The patient may see it"), required=False)

    def __init__(self, *args, visits: QuerySet, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["appointment"].queryset = visits
        self.fields["appointment"].label_from_instance = words_of_visit
