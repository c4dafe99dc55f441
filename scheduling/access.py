"""Which patients doctors and nurses may see because of an appointment."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from scheduling.models import Appointment
from scheduling.statuses import AppointmentStatus

NO_GROUND = (AppointmentStatus.HELD, AppointmentStatus.EXPIRED, AppointmentStatus.CANCELLED)


def visits_with(user) -> QuerySet:
    """Appointments with the doctor, or with a doctor the nurse works with; not held, expired or cancelled."""
    visits = Appointment.objects.exclude(status__in=NO_GROUND)
    return visits.filter(Q(doctor__user=user) | Q(doctor__nurses__user=user))


def patients_seen_by(user) -> Q | None:
    return Q(Exists(visits_with(user).filter(patient=OuterRef("pk")))) if user.is_staff else None
