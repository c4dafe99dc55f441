"""What may be prescribed in a video visit: Telemedicine Practice Guidelines of 25 March 2020, section 3.7.4.

At a first consultation only lists O and A; at a follow-up also list B, and a medicine on no list if an
earlier visit in person prescribed it. Never Schedule X and the prohibited list, whatever the visit.
"""

from collections.abc import Iterable
from datetime import timedelta

from clinical.exceptions import NotByVideo
from clinical.models import PrescriptionItem
from clinical.statuses import DrugSchedule, TelemedicineList
from clinical.statuses.prescriptions import IN_FORCE
from scheduling.models import Appointment
from scheduling.statuses import AppointmentStatus, VisitMode

FOLLOW_UP_WITHIN = timedelta(days=183)
AT_FIRST = {TelemedicineList.O, TelemedicineList.A}


def refuse_by_video(appointment: Appointment, items: Iterable[PrescriptionItem]) -> None:
    if appointment.mode != VisitMode.VIDEO:
        return
    refused = [item for item in items if not _is_on(item, AT_FIRST)]
    if refused and is_follow_up(appointment):
        before = _prescribed_in_person(appointment, [item.medicine_id for item in refused])
        refused = [
            item
            for item in refused
            if _is_never(item) or not (_is_on(item, {TelemedicineList.B}) or item.medicine_id in before)
        ]
    if refused:
        raise NotByVideo(medicines=", ".join(item.name for item in refused))


def is_follow_up(appointment: Appointment) -> bool:
    """Whether the patient was seen in person in the same department within six months before."""
    return _visits_in_person(appointment).exists()


def _is_on(item: PrescriptionItem, lists: set[str]) -> bool:
    return item.medicine is not None and not _is_never(item) and item.medicine.telemedicine in lists


def _is_never(item: PrescriptionItem) -> bool:
    listed = item.medicine.telemedicine if item.medicine else ""
    return item.drug_schedule == DrugSchedule.X or listed == TelemedicineList.PROHIBITED


def _prescribed_in_person(appointment: Appointment, medicines: list[int | None]) -> set[int]:
    items = PrescriptionItem.objects.filter(
        prescription__appointment__in=_visits_in_person(appointment),
        prescription__status__in=sorted(IN_FORCE),
        medicine__in=[key for key in medicines if key is not None],
    )
    return set(items.values_list("medicine_id", flat=True))


def _visits_in_person(appointment: Appointment):
    return Appointment.objects.filter(
        patient=appointment.patient_id,
        doctor__department=appointment.doctor.department_id,
        mode=VisitMode.IN_PERSON,
        status=AppointmentStatus.COMPLETED,
        starts_at__lt=appointment.starts_at,
        starts_at__gte=appointment.starts_at - FOLLOW_UP_WITHIN,
    )
