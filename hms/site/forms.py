from django import forms
from django.utils.translation import gettext_lazy as _

from scheduling.forms.styled import TOO_LONG, StyledForm

LONGEST = 300


class FindCareForm(StyledForm):
    """What somebody says is wrong; it is read once and kept nowhere."""

    words = forms.CharField(
        label=_("What is wrong, or what are you looking for?"),
        max_length=LONGEST,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "aria-describedby": "words-hint"}),
        error_messages={"max_length": TOO_LONG},
    )
    about = forms.CharField(required=False, max_length=80)  # the name of a complaint of the list

    def clean(self):
        said = [self.cleaned_data.get(name) or "" for name in ("about", "words")]
        if not self.errors and not any(said):
            self.add_error("words", _("Write a few words, or choose from the list."))
        return self.cleaned_data | {"text": ". ".join(filter(None, said))}
