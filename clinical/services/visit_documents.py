from clinical.models import Encounter
from clinical.services.document_codes import replace_code
from hms.core.locks import lock_first
from scheduling.models import Appointment


def renew_summary(appointment: Appointment, *, by) -> None:
    """Replace the code of the visit's summary, which says something else now; does nothing without a code."""
    summed_up = Encounter.objects.filter(appointment=appointment, document__isnull=False)
    encounter = lock_first(summed_up)
    if encounter is not None:
        encounter.document = replace_code(code=encounter.document, by=by)
        encounter.save(update_fields=["document"])
