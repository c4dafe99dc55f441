"""Which patients doctors and nurses may see because of an appointment."""

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.models import Patient
from hms.core.days import local_day
from scheduling.models import Appointment, Doctor
from scheduling.statuses import AppointmentStatus

NO_GROUND = (AppointmentStatus.HELD, AppointmentStatus.EXPIRED, AppointmentStatus.CANCELLED)


def visits_with(user) -> QuerySet:
    """Appointments of the doctor, covering doctor or nurse; not held, expired or cancelled."""
    return _that_count().filter(Appointment.staff_grounds(user))


def own_visits(user) -> QuerySet:
    """Appointments with the user as the doctor."""
    return _that_count().filter(doctor__user=user)


def treated_in_team_by(user, to_patient: str = "patient_id") -> Q:
    """Rows of the patients whom the user treats for another doctor.

    Today's of the doctors with whom a nurse works, and those of a doctor on leave now, for the doctor who
    covers. A condition each: a database finds no index for an OR of several tables. Joined, SQLite begins at
    the leaves; with a list of doctors it reads all appointments.
    """
    begins, ends = local_day(timezone.localdate())
    assisted = Doctor.objects.order_by().assisted_by(user).values("pk")
    today = _that_count().filter(doctor__in=assisted, starts_at__gte=begins, starts_at__lt=ends)
    covered = _that_count().covered_at(timezone.now(), user)
    name = f"{to_patient}__in"
    return Q(**{name: today.values("patient_id")}) | Q(**{name: covered.values("patient_id")})


def doctors_covered_by(user) -> QuerySet:
    """Keys of the doctors on leave now whom the user covers."""
    return Doctor.objects.order_by().covered_by(user).values("pk")


def of_own_doctor(user, to_patient: str = "patient_id") -> Q:
    """Rows of the patients who have a visit with the user as the doctor."""
    return Q(**{f"{to_patient}__in": own_visits(user).values("patient_id")})


def not_confidential(to_patient: str = "patient_id") -> Q:
    """Rows of all patients but the confidential ones, who are open to their own doctors alone.

    Asked of each row that is left: there is no index of confidential patients, and they would all be read.
    """
    return ~Q(Exists(Patient.objects.filter(pk=OuterRef(to_patient), is_confidential=True).order_by()))


def patients_seen_by(user) -> Q | None:
    return Q(Exists(visits_with(user).filter(patient=OuterRef("pk")))) if user.is_staff else None


def may_run(user, appointment: Appointment) -> bool:
    """Whether the user is the doctor of the appointment, covers the doctor now, or assists as a nurse."""
    if appointment.doctor.user_id is not None and appointment.doctor.user_id == user.pk:
        return True
    doctors = Doctor.objects.filter(pk=appointment.doctor_id)
    return doctors.covered_by(user).exists() or doctors.assisted_by(user).exists()


def _that_count() -> QuerySet:
    return Appointment.objects.exclude(status__in=NO_GROUND)
