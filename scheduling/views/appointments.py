"""My appointments: the list, one appointment, and its calendar file."""

import segno
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from scheduling.calendar_file import calendar_file
from scheduling.models import Appointment, Offer
from scheduling.offer_links import link_to_offer
from scheduling.own import (
    appointments_of,
    chosen_person,
    own_appointment_or_404,
    people_cared_for_by,
    reads_symptoms,
)
from scheduling.queues.links import page_of
from scheduling.statuses import HERE, AppointmentStatus, VisitMode
from scheduling.video import is_expected_by_video
from scheduling.views.booking import next_page
from scheduling.views.history import history_of
from scheduling.views.policy import possible_with
from scheduling.views.words import words_of

APPOINTMENTS_A_PAGE = 10
NOT_BOOKED = {AppointmentStatus.HELD, AppointmentStatus.EXPIRED, AppointmentStatus.CANCELLED}
TABS = {"upcoming": _("Upcoming"), "past": _("Past"), "cancelled": _("Cancelled")}


@login_required
@require_safe
def list_appointments(request):
    people = people_cared_for_by(request.user)
    tab = request.GET.get("show") if request.GET.get("show") in TABS else "upcoming"
    person = chosen_person(request, people)
    listed = appointments_of(request.user, [person] if person else people).on_list_of(request.user)
    found = in_tab(listed, tab)
    page = Paginator(found, APPOINTMENTS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "tab": tab,
        "tabs": TABS.items(),
        "people": people,
        "person": person.patient if person else None,
    }
    return render(request, "scheduling/list_appointments.html", context)


def in_tab(appointments, tab: str):
    """The appointments of one tab; an abandoned hold appears in none."""
    if tab == "upcoming":
        return appointments.current().order_by("starts_at", "pk")
    if tab == "past":
        return appointments.past().order_by("-starts_at", "pk")
    return appointments.cancelled().exclude(booked_at=None).order_by("-starts_at", "pk")


@login_required
@require_safe
def show_appointment(request, reference):
    appointment = own_appointment_or_404(request, reference)
    context = {
        "appointment": appointment,
        "can": possible_with(appointment, request.user),
        "shows_symptoms": reads_symptoms(request.user, appointment),
        "history": history_of(appointment, request.user),
        "queue_page": queue_page_of(appointment),
        "is_by_video": is_expected_by_video(appointment),
        "offer_link": _link_to_another_time(request.user, appointment),
        **words_of(appointment),
    }
    return render(request, "scheduling/show_appointment.html", context)


def _link_to_another_time(user, appointment: Appointment) -> str:
    """The page on which the patient settles a visit that leave has broken; empty if nothing is open."""
    if appointment.status != AppointmentStatus.BOOKED:
        return ""
    offer = Offer.objects.visible_to(user).open().filter(displaced=appointment).first()
    return link_to_offer(offer) if offer else ""


@login_required
@require_safe
def show_confirmation(request, reference):
    """The booking details to keep and to show at the desk; not available before the time is booked."""
    appointment = own_appointment_or_404(request, reference)
    if appointment.status == AppointmentStatus.HELD:
        return redirect(next_page(appointment))
    if appointment.status in NOT_BOOKED:
        return redirect(appointment)
    context = {
        "appointment": appointment,
        "qr": qr_of(appointment),
        "can": possible_with(appointment, request.user),
        "queue_page": queue_page_of(appointment),
        **words_of(appointment),
    }
    return render(request, "scheduling/show_confirmation.html", context)


@login_required
@require_safe
def download_calendar(request, reference):
    appointment = own_appointment_or_404(request, reference)
    page = request.build_absolute_uri(reverse("scheduling:show-appointment", args=[reference]))
    response = HttpResponse(calendar_file(appointment, page), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="appointment-{reference}.ics"'
    return response


def queue_page_of(appointment: Appointment) -> str:
    """The private address of the place in the queue, on the day of the visit."""
    in_person = appointment.mode == VisitMode.IN_PERSON
    is_expected = appointment.status in HERE or appointment.status == AppointmentStatus.BOOKED
    return (
        page_of(appointment) if in_person and is_expected and appointment.may_arrive(timezone.now()) else ""
    )


def qr_of(appointment: Appointment) -> str:
    """The reference as a QR code for check-in, as an image address."""
    return segno.make(appointment.reference, error="m", micro=False).svg_data_uri(scale=5, border=2)
