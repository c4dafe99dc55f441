from collections.abc import Iterator
from contextlib import contextmanager

from django.utils.translation import gettext_lazy as _

from hms.core.refusals import Refusal


class NotYourEncounter(Refusal):
    code = "not_your_encounter"
    text = _("Only the doctor who began this record can do this.")


class VisitNotBegun(Refusal):
    code = "visit_not_begun"
    text = _("The patient has not arrived. Check the patient in first.")


class FollowUpInThePast(Refusal):
    code = "follow_up_in_the_past"
    field = "follow_up_on"
    text = _("The follow-up must not be in the past.")


class NothingToSign(Refusal):
    code = "nothing_to_sign"
    text = _("Write a complaint, a finding or a diagnosis before you sign.")


class TextMissing(Refusal):
    code = "text_missing"
    field = "text"
    text = _("Write the addition.")


class WrongPassword(Refusal):
    code = "wrong_password"
    field = "password"
    text = _("This is not your password.")


class AlreadyTreating(Refusal):
    code = "already_treating"
    text = _("You treat this patient already, so the record is open to you.")


class NoSuchPatient(Refusal):
    code = "no_such_patient"
    field = "mrn"
    text = _("There is no patient with this number.")


class TestUnknown(Refusal):
    code = "test_unknown"
    text = _("“%(name)s” is not a test of the catalogue.")


@contextmanager
def typed_at(field: str) -> Iterator[None]:
    """Show what is refused within at this field of the form, where it was typed."""
    try:
        yield
    except Refusal as refusal:
        refusal.field = field
        raise
