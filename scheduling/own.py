"""The appointments, people and doctors that a page may show to a login."""

from django.db.models import CharField, DateField, IntegerField
from django.http import Http404
from django.utils import timezone

from accounts.access import visible_or_404
from accounts.models import Guardianship, Patient
from audit.capture.reads import note
from hms.core.prepared import PreparedQuery
from hms.core.signals import access_denied
from scheduling.access import not_confidential, of_own_doctor
from scheduling.models import Appointment, Doctor, ScheduleException
from scheduling.statuses import AppointmentStatus


def _in_care(parameter):
    return Guardianship.objects.in_force(parameter("today", DateField())).filter(
        user__id=parameter("user", IntegerField()), user__is_active=True
    )


GUARDIANSHIPS = PreparedQuery(
    lambda parameter: _in_care(parameter).select_related("patient").order_by("patient__full_name", "pk")
)
DOCTOR = PreparedQuery(
    lambda parameter: (
        Doctor.objects.select_related("department", "specialization")
        .filter(reference=parameter("reference", CharField()))
        .order_by()
    )
)


def people_cared_for_by(user) -> list[Guardianship]:
    """The guardianships of the login with their patients, the login's own first."""
    guardianships = GUARDIANSHIPS.objects(user=user.pk, today=timezone.localdate())
    note(guardianships)
    return sorted(guardianships, key=lambda guardianship: guardianship.relation != "self")


def active_doctor(reference: str) -> Doctor | None:
    """The doctor with this reference, with department and specialization, if the doctor is active."""
    doctor = any_doctor(reference)
    return doctor if doctor and doctor.is_active else None


def any_doctor(reference: str) -> Doctor | None:
    """The same, also if the doctor is not active."""
    return DOCTOR.first(reference=reference)


def own_appointment_or_404(request, reference: str) -> Appointment:
    return visible_or_404(request, Appointment.objects.visible_to(request.user).for_list(), reference)


def changeable_appointment_or_404(request, reference: str) -> Appointment:
    """An appointment that the person may also move, edit and cancel."""
    changeable = Appointment.objects.visible_to(request.user).changeable_by(request.user)
    return visible_or_404(request, changeable.for_list(), reference)


def has_been_seen(user, patient, doctor: Doctor) -> bool:
    """Whether the records that the user sees have a completed visit of the patient to the doctor."""
    completed = Appointment.objects.visible_to(user).filter(status=AppointmentStatus.COMPLETED)
    return completed.filter(patient=patient, doctor=doctor).exists()


def reads_symptoms(user, appointment: Appointment) -> bool:
    """Whether the user, who may see the visit, treats or cares for the patient; the desk does neither."""
    if not user.is_staff:
        return True
    cared_for = Appointment.objects.filter(Appointment.carer_grounds(user), pk=appointment.pk)
    if not user.has_perm("scheduling.view_symptoms"):
        return cared_for.exists()
    is_open = of_own_doctor(user, "pk") | not_confidential("pk")
    return Patient.objects.filter(is_open, pk=appointment.patient_id).exists() or cared_for.exists()


def reads_why(user, exception: ScheduleException) -> bool:
    """Whether the user may read why a doctor is away; colleagues only see the kind."""
    is_own = exception.doctor is not None and exception.doctor.user_id == user.pk
    return is_own or user.has_perm("scheduling.change_scheduleexception")


def people_with_records(request) -> tuple[list[Guardianship], Guardianship | None]:
    """People whose records the login may see, and the one the address asks for."""
    people = [
        guardianship for guardianship in people_cared_for_by(request.user) if guardianship.may_see_records
    ]
    return people, chosen_person(request, people)


def chosen_person(request, people: list[Guardianship]) -> Guardianship | None:
    """The one of these people that the address asks for; anybody else answers 404 and is logged."""
    asked = request.GET.get("person")
    if not asked:
        return None
    for guardianship in people:
        if guardianship.patient.reference == asked:
            return guardianship
    access_denied.send(Patient, request=request, key=asked, field="reference")
    raise Http404


def appointments_of(user, people: list[Guardianship]):
    patients = [guardianship.patient_id for guardianship in people]
    return Appointment.objects.visible_to(user).filter(patient__in=patients).for_list()
