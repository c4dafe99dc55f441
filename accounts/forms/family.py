from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.particulars import ParticularsForm
from accounts.models import CONSENT, Relation, Scope
from hms.core.forms import OnceForm


class DependantForm(OnceForm, ParticularsForm):
    """Registers a patient whom the user cares for, with the consent that this needs.

    A user who is not yet a patient, for example a doctor, can also register themself.
    """

    is_about_user = False

    relation = forms.ChoiceField(
        label=_("Who is this person?"),
        choices=Relation.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose who this person is to you.")},
    )
    scopes = forms.MultipleChoiceField(
        label=_("What you can do for them"),
        choices=Scope.choices,
        initial=list(Scope),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one.")},
    )
    consent = forms.BooleanField(
        label=CONSENT, error_messages={"required": _("Confirm that you may act for this person.")}
    )

    def __init__(self, *args, is_patient: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if is_patient:
            others = [choice for choice in Relation.choices if choice[0] != Relation.SELF]
            self.fields["relation"].choices = others
