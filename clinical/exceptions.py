"""Refusals of the clinical services; forms, admin and API show them as they are."""

from django.utils.translation import gettext_lazy as _

from hms.core.refusals import Refusal


class NotTreating(Refusal):
    code = "not_treating"
    text = _("Only a doctor or nurse with an appointment of this patient may do this.")


class AllergyKnown(Refusal):
    code = "allergy_known"
    text = _("This allergy is on the patient's list already.")


class AllergiesOnList(Refusal):
    code = "allergies_on_list"
    text = _("There are allergies on the patient's list; refute or resolve them first.")


class ReasonMissing(Refusal):
    code = "reason_missing"
    field = "reason"
    text = _("Give a reason.")
