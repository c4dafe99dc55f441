from django.utils.translation import gettext as _

from clinical.models import Allergy, Prescription
from clinical.prescribing.changes import changes_between
from clinical.prescribing.schedule import plain


def changes_of(draft: Prescription) -> list[str]:
    """What differs from the prescription that the draft repeats, and what is new about the patient since."""
    earlier = draft.repeats
    if earlier is None:
        return []
    new = Allergy.objects.filter(patient=draft.patient_id, recorded_at__gt=earlier.signed_at).current()
    return [
        *changes_between(earlier.items.all(), draft.items.all()),
        *_weight(earlier, draft),
        *(_("Allergy since then: %(what)s.") % {"what": row} for row in new if not row.is_none_known),
    ]


def _weight(earlier: Prescription, draft: Prescription) -> list[str]:
    if None in (earlier.weight_kg, draft.weight_kg) or earlier.weight_kg == draft.weight_kg:
        return []
    values = {"was": plain(earlier.weight_kg), "now": plain(draft.weight_kg)}
    return [_("Weight: %(was)s kg → %(now)s kg.") % values]
