from django import forms
from django.utils.translation import gettext_lazy as _

from clinical.models.review import WORDS_LENGTH
from clinical.statuses.reviews import Stars
from hms.core.forms import RowForm

TOO_LONG = _("Please use at most %(limit_value)d characters. This text has %(show_value)d.")


class WriteReviewForm(forms.Form):
    stars = forms.TypedChoiceField(
        label=_("How was the visit?"),
        choices=Stars,
        coerce=int,
        widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
        error_messages={"required": _("Choose one to five stars.")},
    )
    words = forms.CharField(
        label=_("In your words"),
        help_text=_(
            "Everybody can read this, without your name. Leave out names and what you do not want known "
            "about your health."
        ),
        required=False,
        max_length=WORDS_LENGTH,
        error_messages={"max_length": TOO_LONG},
        widget=forms.Textarea(attrs={"class": "form-control", "rows": 6}),
    )


class EditReviewForm(WriteReviewForm, RowForm):
    relies_on = ("status",)

    def is_done(self, row):
        return (row.stars, row.words) == (self.cleaned_data["stars"], self.cleaned_data["words"])


class WithdrawForm(RowForm):
    columns, relies_on = (), ("stars", "words")
