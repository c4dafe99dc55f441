from django import forms
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from clinical.forms.encounters import EncounterForm
from clinical.models import Phrase
from clinical.services.phrases import TAKE_PHRASES


class PhraseBox(forms.Select):
    """Each choice tells its text, which the page's script puts in place of the abbreviation."""

    def create_option(self, name, value, *args, **kwargs):
        option = super().create_option(name, value, *args, **kwargs)
        if phrase := getattr(value, "instance", None):
            option["attrs"] |= {"data-abbreviation": phrase.abbreviation, "data-text": phrase.text}
        return option


class PhraseField(forms.ModelChoiceField):
    widget = PhraseBox

    def label_from_instance(self, phrase):
        return f"{phrase}: {Truncator(phrase.text).chars(40)}"


class ShortcutForm(forms.Form):
    """Beside the boxes of a draft: a phrase to insert, and the name of a set to keep the draft as."""

    phrase = PhraseField(Phrase.objects.none(), label=_("Phrase"), required=False, empty_label=_("Choose…"))
    into = forms.ChoiceField(label=_("into"), required=False)
    set_name = forms.CharField(label=_("Keep this draft as a set called"), max_length=80, required=False)
    set_is_shared = forms.BooleanField(label=_("for the whole department"), required=False)

    def __init__(self, data, *, phrases, asked: str):
        super().__init__(data)
        self.fields["phrase"].queryset = phrases
        self.fields["into"].choices = [(name, EncounterForm.base_fields[name].label) for name in TAKE_PHRASES]
        for name in {"insert_phrase": ["phrase", "into"], "save_set": ["set_name"]}.get(asked, []):
            self.fields[name].required = True
