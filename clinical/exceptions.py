from django.utils.translation import gettext_lazy as _

from hms.core.refusals import Refusal


class NotTreating(Refusal):
    code = "not_treating"
    text = _("Only a doctor or nurse who has an appointment with this patient may do this.")


class AllergyKnown(Refusal):
    code = "allergy_known"
    text = _("This allergy is already on the patient's list.")


class AllergiesOnList(Refusal):
    code = "allergies_on_list"
    text = _("There are allergies on the patient's list; refute or resolve them first.")


class ReasonMissing(Refusal):
    code = "reason_missing"
    field = "reason"
    text = _("Give a reason.")
