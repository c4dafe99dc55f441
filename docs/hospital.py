"""The hospital that the pictures show: seeded, served, with one patient in the middle of booking."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.cookies import Morsel
from threading import Thread

from django.conf import settings
from django.core.management import call_command
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application
from django.test import Client
from django.urls import reverse

from accounts.models import Patient, User
from billing.models import Payment
from billing.statuses import PaymentStatus
from clinical.models import Prescription
from clinical.services import open_encounter
from clinical.statuses import PrescriptionStatus
from hms.demo.logins import email_of
from scheduling.availability import next_free
from scheduling.models import Appointment, Doctor
from scheduling.services import hold_slot
from scheduling.statuses import AppointmentStatus

SIZE = {"doctors": 24, "patients": 300, "appointments": 1200}
WIDTHS = PHONE, TABLET, DESKTOP = 360, 768, 1440


@dataclass(frozen=True)
class Picture:
    """One page as one person sees it, at these widths."""

    name: str
    path: str
    widths: tuple[int, ...] = (DESKTOP,)
    session: Morsel | None = None
    scrolled_to: str = ""


class QuietHandler(WSGIRequestHandler):
    def log_message(self, *_arguments) -> None:
        """A request is no news here."""


@contextmanager
def opened() -> Iterator[tuple[str, list[Picture]]]:
    """Gives the address of the hospital and what there is to see in it."""
    call_command("migrate", verbosity=0)
    call_command("seed_demo", **SIZE)
    server = ThreadedWSGIServer(("127.0.0.1", 0), QuietHandler)
    server.set_app(get_wsgi_application())
    Thread(target=server.serve_forever, daemon=True).start()
    yield (
        f"http://127.0.0.1:{server.server_port}",
        [*of_everybody(), *of_a_patient(), *of_staff(), *of_the_clinic()],
    )
    server.shutdown()


def of_everybody() -> list[Picture]:
    return [
        Picture("home", "/", (PHONE, TABLET, DESKTOP)),
        Picture("doctors", "/doctors/", (TABLET, DESKTOP)),
        Picture("doctors", "/doctors/", (PHONE,), scrolled_to="#results"),
        Picture("doctor", the_doctor().get_absolute_url(), (PHONE, TABLET, DESKTOP)),
    ]


def of_a_patient() -> list[Picture]:
    session = logged_in("patient")
    user = User.objects.get(email=email_of("patient"))
    payment = paid_visit(user)
    visit = payment.invoice.appointment
    check = reverse("billing:check-booking", args=[held_visit(user).reference])
    done = reverse("scheduling:show-confirmation", args=[visit.reference])
    receipt = reverse("billing:show-receipt", args=[payment.reference])
    return [
        Picture("check", check, (PHONE, DESKTOP), session),
        Picture("confirmation", done, (PHONE, DESKTOP), session),
        Picture("appointments", "/me/appointments/", (PHONE, DESKTOP), session),
        Picture("receipt", receipt, (DESKTOP,), session),
    ]


def of_staff() -> list[Picture]:
    patient = Patient.objects.get(mrn="H000001")
    return [
        Picture("board", "/admin/day-board/", (TABLET, DESKTOP), logged_in("reception")),
        Picture("reception", "/admin/", (DESKTOP,), logged_in("reception")),
        Picture("own-day", "/admin/", (PHONE, DESKTOP), logged_in("doctor")),
        Picture("log", f"/admin/audit/auditevent/?patient_id={patient.pk}", (DESKTOP,), logged_in("auditor")),
    ]


def of_the_clinic() -> list[Picture]:
    doctor = logged_in("doctor")
    paper = Prescription.objects.filter(status=PrescriptionStatus.SIGNED).order_by("pk")[0]
    carer = paper.patient.guardianships.filter(may_see_records=True).first()
    reader = session_of(carer.user) if carer else doctor
    visit = opened_visit()
    return [
        Picture("consultation", reverse("admin:consultation", args=[visit.reference]), WIDTHS, doctor),
        Picture("chart", reverse("admin:chart", args=[visit.patient.mrn]), (DESKTOP,), doctor),
        Picture("results", "/admin/results/", (TABLET, DESKTOP), doctor),
        Picture("laboratory", "/admin/lab/", (DESKTOP,), logged_in("lab")),
        Picture("prescription", paper.get_absolute_url(), (DESKTOP,), reader),
        Picture("records", "/me/records/", (PHONE, DESKTOP), logged_in("patient")),
    ]


def opened_visit() -> Appointment:
    """The visit of a patient who waits and has an allergy and earlier measurements, just begun."""
    doctor = User.objects.get(email=email_of("doctor"))
    waiting = Appointment.objects.filter(doctor__user=doctor, status=AppointmentStatus.ARRIVED)
    visit = waiting.order_by("starts_at")[0]
    open_encounter(appointment=visit, by=doctor)
    return visit


def logged_in(name: str) -> Morsel:
    return session_of(User.objects.get(email=email_of(name)))


def session_of(user: User) -> Morsel:
    client = Client()
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME]


def the_doctor() -> Doctor:
    return Doctor.objects.get(user__email=email_of("doctor"))


def held_visit(user: User) -> Appointment:
    """A time that the patient has just chosen."""
    patient = Patient.objects.get(guardianships__user=user, guardianships__relation="self")
    doctor = Doctor.objects.bookable().filter(department__name="Cardiology")[0]
    slot = next_free([doctor])[doctor.pk]
    symptoms = "Short of breath on the stairs since last week."
    return hold_slot(patient=patient, doctor=doctor, starts_at=slot.starts_at, by=user, symptoms=symptoms)


def paid_visit(user: User) -> Payment:
    """The next visit that the patient has paid for."""
    coming = Payment.objects.filter(
        invoice__appointment__patient__guardianships__user=user,
        invoice__appointment__status=AppointmentStatus.BOOKED,
        status=PaymentStatus.CAPTURED,
    )
    return coming.order_by("invoice__appointment__starts_at")[0]
