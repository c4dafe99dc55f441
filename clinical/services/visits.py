from clinical.models import Encounter
from clinical.services.encounters import sign_encounter
from clinical.services.rights import lock_to_record
from clinical.signals import visit_finished
from hms.core.transactions import retried_atomic
from scheduling.services import complete_consultation
from scheduling.statuses import AppointmentStatus


@retried_atomic
def finish_visit(*, encounter: Encounter, by) -> Encounter:
    """Sign the record, complete the appointment, and state what is to be charged, all or nothing.

    A second call changes and states nothing.
    """
    lock_to_record(encounter.patient, by=by, permission="clinical.change_encounter")
    current = Encounter.objects.select_related("appointment").get(pk=encounter.pk)
    if current.is_signed and current.appointment.status == AppointmentStatus.COMPLETED:
        return current
    encounter = sign_encounter(encounter=encounter, by=by)
    complete_consultation(appointment=encounter.appointment, by=by)
    services = [("consultation", encounter.reference)]
    visit_finished.send(Encounter, encounter=encounter, by=by, services=services)
    return encounter
