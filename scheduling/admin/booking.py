"""Booking at the desk or by telephone: patient, doctor, day and time by GET, then one POST.

Each answer is part of the address, so the browser's back button works and no state is kept.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from accounts.models import Patient
from hms.core.refusals import KeyReused, put_on_form
from scheduling.admin.times import TimesOfDay, kind_of_visit, kinds_to_choose
from scheduling.availability import BookingTerms, next_free
from scheduling.branch_choice import BranchChoice
from scheduling.forms.staff_booking import KEY_LENGTH, StaffBookingForm
from scheduling.models import Appointment, Department, Doctor
from scheduling.moments import clock, parse_day
from scheduling.services import book_appointment, book_extra_place
from scheduling.services.extra_places import extra_places
from scheduling.services.permissions import doctors_booked_by, is_desk, may_change_bookings

MOST_FOUND = 20


@dataclass
class BookingRequest:
    """The answers in the address so far."""

    request: HttpRequest

    @cached_property
    def patient(self) -> Patient | None:
        reference = self.request.GET.get("patient", "")
        user = self.request.user
        found = Patient.objects.visible_to(user).with_original(user).filter(reference=reference)
        return found.first() if reference else None

    @cached_property
    def doctor(self) -> Doctor | None:
        reference = self.request.GET.get("doctor", "")
        doctors = doctors_booked_by(self.request.user).select_related("department", "specialization")
        if reference:
            return doctors.filter(reference=reference).first()
        return None if is_desk(self.request.user) else doctors.first()

    @cached_property
    def kind(self) -> str:
        asked = self.request.POST.get("visit_kind") or self.request.GET.get("kind", "")
        return kind_of_visit(self.request.user, self.patient, self.doctor, asked)

    @property
    def same_day(self) -> list[str]:
        """When the patient has a visit with the doctor on the day already."""
        visible = Appointment.objects.visible_to(self.request.user).holding().on_day(self.day)
        found = visible.filter(patient=self.patient, doctor=self.doctor).exclude(
            held_until__lte=timezone.now()
        )
        return [clock(at) for at in found.order_by("starts_at").values_list("starts_at", flat=True)]

    @cached_property
    def branches(self) -> BranchChoice:
        return BranchChoice.of(self.request)

    @cached_property
    def terms(self) -> BookingTerms:
        return BookingTerms.for_staff().at(self.branches.place)

    @cached_property
    def day(self) -> date:
        return parse_day(self.request.GET.get("day", "")) or timezone.localdate()

    def but(self, **changes) -> str:
        """The address with changed answers; None removes one."""
        answers = {
            "patient": self.patient and self.patient.reference,
            "doctor": self.doctor and self.doctor.reference,
            "kind": self.request.GET.get("kind"),
            "day": self.request.GET.get("day") and self.day.isoformat(),
            "branch": self.request.GET.get("branch"),
        }
        kept = {name: value for name, value in (answers | changes).items() if value}
        return f"{self.request.path}?{urlencode(kept)}"


def book(model_admin, request):
    if not may_change_bookings(request.user):
        raise PermissionDenied
    booking_request = BookingRequest(request)
    form = StaffBookingForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and booking_request.patient and booking_request.doctor and form.is_valid():
        booked = book_or_refuse(form, booking_request)
        if booked is not None:
            said = _("%(who)s is booked with %(doctor)s.")
            names = {"who": booking_request.patient.full_name, "doctor": booking_request.doctor}
            model_admin.message_user(request, said % names, messages.SUCCESS)
            page = reverse("admin:scheduling_appointment_change", args=[booked.pk])
            return HttpResponseRedirect(page)
    return TemplateResponse(
        request, "admin/scheduling/book.html", context(model_admin, request, booking_request, form)
    )


def book_or_refuse(form: StaffBookingForm, booking_request: BookingRequest):
    """The appointment, or None with the refusal at its field."""
    book = book_extra_place if form.is_extra else book_appointment
    try:
        return book(
            patient=booking_request.patient,
            doctor=booking_request.doctor,
            by=booking_request.request.user,
            **form.booking_request(),
        )
    except KeyReused as refusal:
        form.data = form.data.copy()
        form.data["idempotency_key"] = get_random_string(KEY_LENGTH)
        put_on_form(form, refusal)
    except ValidationError as refusal:
        put_on_form(form, refusal)
    return None


def context(model_admin, request, booking_request: BookingRequest, form: StaffBookingForm) -> dict:
    title = _("Book for a patient")
    page = {**model_admin.admin_site.each_context(request), "opts": model_admin.opts}
    page |= {"title": title, "booking_request": booking_request, "form": form}
    if booking_request.patient is None:
        return page | patient_step(request)
    links = {"other_patient": booking_request.but(patient=None, kind=None)}
    if is_desk(request.user):
        links["other_doctor"] = booking_request.but(doctor=None, kind=None)
    if booking_request.doctor is None:
        return page | links | doctor_step(request, booking_request)
    kind = booking_request.kind
    terms = booking_request.terms.of_kind(kind)
    times = TimesOfDay(booking_request.doctor, booking_request.day, form.data.get("time", ""), terms)
    may_overbook = request.user.has_perm("scheduling.overbook")
    extra = extra_places(
        doctor=booking_request.doctor,
        day=times.day,
        patient=booking_request.patient,
        visit_kind=kind,
        terms=terms,
        by=request.user,
    )
    page["extra"] = [times.extra_choice(place) for place in extra]
    links["times_link"] = f"{booking_request.but(day=None)}&day="
    links["kinds"] = kinds_to_choose(kind, f"{booking_request.but(kind=None)}&")
    page |= {"priced": [booking_request.doctor], "same_day": booking_request.same_day}
    page |= {"times": times, "kind": kind, "may_overbook": may_overbook, "choice": booking_request.branches}
    return page | links


def patient_step(request) -> dict:
    text = request.GET.get("q", "").strip()
    patients = Patient.objects.visible_to(request.user)
    found = patients.matching(text).with_original(request.user) if text else []
    kept = [(name, request.GET[name]) for name in ("doctor", "day", "branch") if request.GET.get(name)]
    return {"q": text, "patients": found[:MOST_FOUND], "most": MOST_FOUND, "kept": kept}


def doctor_step(request, booking_request: BookingRequest) -> dict:
    departments = list(Department.objects.filter(is_active=True))
    asked = request.GET.get("department", "")
    department = next((one for one in departments if one.slug == asked), None)
    doctors = doctors_booked_by(request.user).bookable().select_related("department", "specialization")
    if place := booking_request.terms.place:
        doctors = doctors.consulting_at(*coming_days(booking_request.terms), branches=place.branches)
    doctors = list(doctors.filter(department=department) if department else doctors)
    free = next_free(doctors, terms=booking_request.terms.ahead())
    rows = [(doctor, free[doctor.pk], booking_request.but(doctor=doctor.reference)) for doctor in doctors]
    return {
        "departments": departments,
        "department": department,
        "doctors": rows,
        "priced": doctors,
        "every_doctor": booking_request.but(),
        "choice": booking_request.branches,
    }


def coming_days(terms: BookingTerms) -> tuple[date, date]:
    today = timezone.localdate()
    return today, today + timedelta(days=terms.horizon_days)
