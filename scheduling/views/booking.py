"""From a chosen time to a hold: the patient and the symptoms. The billing pages handle payment."""

from datetime import datetime
from http import HTTPStatus
from urllib.parse import urlencode

from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import FormView

from accounts.field_checks import ChecksFields
from hms.core.refusals import NotAllowed, put_on_form
from scheduling.availability import BookingTerms, find_slot
from scheduling.exceptions import (
    BookByPhone,
    HeldByYourself,
    PatientBusy,
    PayInAdvance,
    TooManyBookings,
    TooManyByLogin,
    TooManyHolds,
)
from scheduling.forms.booking import BookingForm
from scheduling.models import Appointment, Branch, Doctor
from scheduling.moments import compact, day_and_clock, parse_moment
from scheduling.own import active_doctor, people_cared_for_by
from scheduling.services import edit_symptoms, hold_instead, hold_slot
from scheduling.statuses import AppointmentStatus, VisitKind
from scheduling.views.alternatives import alternatives
from scheduling.views.picker import reason_against
from scheduling.views.times import kind_in


class StartBooking(LoginRequiredMixin, ChecksFields, FormView):
    """Asks for patient and symptoms, and holds the time on submission."""

    form_class = BookingForm
    # Refusals that choosing another time does not resolve.
    not_the_time = frozenset(
        {
            *(NotAllowed.code, TooManyBookings.code, TooManyByLogin.code, TooManyHolds.code),
            *(HeldByYourself.code, BookByPhone.code, PayInAdvance.code),
        }
    )
    unfinished: Appointment | None = None  # another hold of this login, at the time that is asked for
    template_name = "scheduling/start_booking.html"

    def get(self, request, *args, **kwargs):
        if self.own_hold is None and (problem := self.problem_with_time()):
            return self.time_gone(problem)
        return super().get(request, *args, **kwargs)

    def post(self, request, *args, **kwargs):
        if self.starts_at is None:
            return self.time_gone(self.problem_with_time())
        return super().post(request, *args, **kwargs)

    @cached_property
    def doctor(self) -> Doctor:
        found = active_doctor(self.kwargs["reference"])
        if found is None:
            raise Http404
        return found

    @cached_property
    def starts_at(self) -> datetime | None:
        return parse_moment(self.request.POST.get("at") or self.request.GET.get("at", ""))

    @cached_property
    def slot(self):
        terms = BookingTerms.for_patients().of_kind(self.kind)
        return find_slot(self.doctor, self.starts_at, terms=terms)

    @cached_property
    def kind(self) -> str:
        return kind_in({"kind": self.request.POST.get("visit_kind")}, self.doctor) or kind_in(
            self.request.GET, self.doctor
        )

    def problem_with_time(self) -> str:
        if self.starts_at is None:
            return _("The address of this page contains no valid time. Choose one of these.")
        reason = reason_against(self.starts_at, self.slot)
        return str(reason.label) if reason else ""

    def get_form_kwargs(self):
        guardianships = [
            guardianship for guardianship in people_cared_for_by(self.request.user) if guardianship.may_book
        ]
        asks_kind = self.doctor.asks_kind
        return super().get_form_kwargs() | {"guardianships": guardianships, "asks_kind": asks_kind}

    def form_valid(self, form):
        try:
            hold = self.hold_or_resume(form)
        except PatientBusy as busy:
            refusal = self.explained(form, busy)
        except ValidationError as other:
            refusal = other
        else:
            return redirect(next_page(hold))
        put_on_form(form, refusal)
        return self.refused(form, refusal)

    def explained(self, form, busy: PatientBusy) -> PatientBusy:
        """Says so if what is in the way is a hold of this login, which can be given up."""
        patient, slot = form.cleaned_data["patient"], self.slot
        found = self.own_holds().filter(
            patient=patient, starts_at__lt=slot.ends_at, ends_at__gt=slot.starts_at
        )
        self.unfinished = found.first()
        if self.unfinished is None:
            return busy
        when = day_and_clock(self.unfinished.starts_at)
        return HeldByYourself(doctor=self.unfinished.doctor.full_name, when=when)

    def hold_or_resume(self, form) -> Appointment:
        """Hold the time, perhaps instead of another one, or update this login's existing hold of it."""
        given_up = self.own_holds().filter(reference=self.request.POST.get("instead", "")).first()
        if given_up is not None:
            return hold_instead(hold=given_up, **self.booking_request(form))
        try:
            return hold_slot(**self.booking_request(form))
        except ValidationError:
            if self.own_hold is None:
                raise
        is_same_kind = self.own_hold.visit_kind == form.cleaned_data.get("visit_kind", "")
        if is_same_kind and self.own_hold.patient_id == form.cleaned_data["patient"].pk:
            return edit_symptoms(
                appointment=self.own_hold, symptoms=form.cleaned_data["symptoms"], by=self.request.user
            )
        return hold_instead(hold=self.own_hold, **self.booking_request(form))

    def booking_request(self, form) -> dict:
        by, patient, symptoms = self.request.user, form.cleaned_data["patient"], form.cleaned_data["symptoms"]
        kind = form.cleaned_data.get("visit_kind", "")
        booking_request = (by.pk, patient.pk, self.doctor.pk, self.starts_at.timestamp(), symptoms, kind)
        return {
            "patient": patient,
            "doctor": self.doctor,
            "starts_at": self.starts_at,
            "symptoms": symptoms,
            "visit_kind": kind,
            "idempotency_key": form.idempotency_key(*booking_request),
            "by": by,
        }

    @cached_property
    def own_hold(self) -> Appointment | None:
        if self.starts_at is None:
            return None
        return self.own_holds().filter(doctor=self.doctor, starts_at=self.starts_at).first()

    def own_holds(self):
        held = Appointment.objects.visible_to(self.request.user).filter(
            booked_by=self.request.user, status=AppointmentStatus.HELD, held_until__gt=timezone.now()
        )
        return held.select_related("patient", "doctor")

    def get_initial(self):
        hold = None if self.request.method == "POST" else self.own_hold
        if hold is None:
            return {"visit_kind": self.kind or VisitKind.FIRST}
        return {
            "patient": hold.patient.reference,
            "visit_kind": hold.visit_kind,
            "symptoms": hold.symptoms,
        }

    def refused(self, form, refusal: ValidationError):
        """The form again with other times as buttons, so that nothing has to be typed twice."""
        is_time = refusal.code not in self.not_the_time
        offers = alternatives(self.doctor, self.starts_at, self.kind) if is_time else []
        context = self.get_context_data(
            form=form, alternatives=offers, is_gone=offers and not isinstance(refusal, PatientBusy)
        )
        return self.render_to_response(context, status=HTTPStatus.CONFLICT)

    def here(self) -> str:
        kind = {"kind": self.kind} if self.kind else {}
        return f"{self.request.path}?{urlencode({'at': compact(self.starts_at), **kind})}"

    def time_gone(self, problem: str):
        context = {
            "doctor": self.doctor,
            "starts_at": self.starts_at,
            "problem": problem,
            "alternatives": alternatives(self.doctor, self.starts_at, self.kind),
        }
        status = HTTPStatus.CONFLICT if self.starts_at else HTTPStatus.BAD_REQUEST
        return render(self.request, "scheduling/time_gone.html", context, status=status)

    def get_context_data(self, **kwargs):
        branch = Branch.objects.filter(pk=self.slot.branch_id).first() if self.slot else None
        context = {
            "doctor": self.doctor,
            "starts_at": self.starts_at,
            "at": compact(self.starts_at),
            "slot": self.slot,
            # Where it depends on an answer to come, the next page says how long the visit takes.
            "minutes": self.slot.minutes if self.slot and not self.doctor.asks_kind else None,
            "branch": branch,
            "hold": self.own_hold,
            "unfinished": self.unfinished,
            "add_person_url": f"{reverse('accounts:add-dependant')}?{urlencode({'next': self.here()})}",
        }
        return super().get_context_data(**context, **kwargs)


def next_page(appointment: Appointment) -> str:
    """Payment for a hold, the confirmation for a booking."""
    if appointment.status == AppointmentStatus.HELD:
        return appointment.get_finish_url()
    return reverse("scheduling:show-confirmation", args=[appointment.reference])
