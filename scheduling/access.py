"""The ground on which doctors and nurses see patients: an appointment with the doctor."""

from django.db.models import Exists, OuterRef, Q

from scheduling.models import Appointment
from scheduling.statuses import AppointmentStatus

NO_GROUND = (AppointmentStatus.HELD, AppointmentStatus.EXPIRED, AppointmentStatus.CANCELLED)


def patients_seen_by(user) -> Q | None:
    """Patients with a real appointment with the doctor, or with a doctor whom the nurse works with."""
    if not user.is_staff:
        return None
    theirs = Appointment.objects.filter(patient=OuterRef("pk")).exclude(status__in=NO_GROUND)
    return Q(Exists(theirs.filter(Q(doctor__user=user) | Q(doctor__nurses__user=user))))
