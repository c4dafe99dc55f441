from django.utils.translation import gettext_lazy as _

from hms.core.refusals import Refusal


class NotTreating(Refusal):
    code = "not_treating"
    text = _("Only a doctor or nurse who has an appointment with this patient may do this.")


class AlreadyOnList(Refusal):
    code = "already_on_list"
    text = _("This is already on the patient's list.")


class AllergiesOnList(Refusal):
    code = "allergies_on_list"
    text = _("There are allergies on the patient's list; refute or resolve them first.")


class ReasonMissing(Refusal):
    code = "reason_missing"
    field = "reason"
    text = _("Give a reason.")


class SignedIsFinal(Refusal):
    code = "signed"
    text = _("This is signed and can no longer be changed.")


class SinceRefused(Refusal):
    code = "since_refused"
    field = "since"
    text = _("Enter a year, a month or a day: 2019, 2019-05 or 2019-05-20.")
    in_the_future = _("This is in the future.")
    before_the_birth = _("This is before the patient's birth.")


class EndRefused(Refusal):
    code = "end_refused"
    field = "resolved_on"
    text = _("Only a resolved problem has an end.")
    in_the_future = _("This is in the future.")
    before_the_beginning = _("This is before the problem began.")
