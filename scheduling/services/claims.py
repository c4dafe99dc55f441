"""Takes and releases time; no other code writes claims, except the bulk import and the purge."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from audit.capture.context import audit_context
from hms.core.inserts import insert_rows
from hms.core.locks import lock_row
from hms.core.rights import SYSTEM
from scheduling.cells import cells_between
from scheduling.exceptions import PatientBusy, SlotTaken
from scheduling.models import Appointment, PatientClaim, SlotClaim
from scheduling.services.steps import take_step
from scheduling.signals import appointment_expired
from scheduling.statuses import AppointmentStatus


def claim_time(appointment: Appointment) -> None:
    """Insert the appointment's claims; refuses with `SlotTaken` or `PatientBusy` and writes nothing.

    Expires an overdue hold that is in the way first, in the same transaction.
    """
    try:
        _insert(appointment)
    except (SlotTaken, PatientBusy):
        release_time(appointment)  # the claims inserted before the refused one
        if not _expire_holds_in_the_way(appointment):
            raise
        with transaction.atomic():
            _insert(appointment)


def release_time(appointment: Appointment) -> None:
    SlotClaim.objects.filter(appointment=appointment).delete()
    PatientClaim.objects.filter(appointment=appointment).delete()


def slot_claims(appointment: Appointment) -> list[SlotClaim]:
    return [
        SlotClaim(
            appointment=appointment,
            doctor_id=appointment.doctor_id,
            cell=cell,
            seat=appointment.seat,
        )
        for cell in cells_between(appointment.starts_at, appointment.ends_at)
    ]


def patient_claims(appointment: Appointment) -> list[PatientClaim]:
    return [
        PatientClaim(appointment=appointment, patient_id=appointment.patient_id, cell=cell)
        for cell in cells_between(appointment.starts_at, appointment.ends_at)
    ]


def _insert(appointment: Appointment) -> None:
    """No savepoint: it would cost every booking two statements, and neither database needs it."""
    try:
        insert_rows(slot_claims(appointment))
    except IntegrityError as error:
        raise SlotTaken from error
    try:
        insert_rows(patient_claims(appointment))
    except IntegrityError as error:
        raise PatientBusy from error


def _expire_holds_in_the_way(appointment: Appointment) -> bool:
    """Expire overdue holds that own a cell of this doctor's seat or of this patient."""
    cells = list(cells_between(appointment.starts_at, appointment.ends_at))
    run_out = {"appointment__held_until__lte": timezone.now(), "cell__in": cells}
    slots = SlotClaim.objects.filter(doctor_id=appointment.doctor_id, seat=appointment.seat, **run_out)
    patients = PatientClaim.objects.filter(patient_id=appointment.patient_id, **run_out)
    found = {
        *slots.values_list("appointment", flat=True),
        *patients.values_list("appointment", flat=True),
    }
    expired = [expire_hold(pk) for pk in sorted(found)]
    return any(expired)


def expire_hold(appointment_id: int) -> bool:
    """End one overdue hold; False if it has been confirmed or ended meanwhile.

    The system is the actor, not the person whose request finds the hold.
    """
    held = lock_row(Appointment.objects.all(), pk=appointment_id)
    if not held.hold_has_expired:
        return False
    with audit_context(actor=SYSTEM):
        end_hold(held)
    return True


def end_hold(held: Appointment) -> None:
    """Free the time of a locked hold, run out or no longer needed."""
    take_step(held, AppointmentStatus.EXPIRED)
    release_time(held)
    appointment_expired.send(Appointment, appointment=held, by=SYSTEM)
