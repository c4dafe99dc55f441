"""The waiting list for patients: joining, one's place, and leaving."""

from http import HTTPStatus

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import visible_or_404
from accounts.field_checks import checks_fields
from hms.core.refusals import put_on_form
from scheduling.forms.waiting import JoinForm, LeaveForm
from scheduling.link_codes import with_end_of_care
from scheduling.models import Department, Doctor, Offer, WaitingListEntry
from scheduling.offer_links import link_to_offer
from scheduling.own import active_doctor, people_cared_for_by
from scheduling.services import join_waiting_list, leave_waiting_list
from scheduling.services.waiting import places_of

MOST_ENDED = 5


@login_required
@require_safe
def list_waiting(request):
    """Everybody in one's care who waits, their offers, and the last entries that have ended."""
    entries = _own(request).for_list()
    waiting = list(entries.waiting().order_by("patient__full_name", "joined_at", "pk"))
    offers = Offer.objects.visible_to(request.user).open().filter(entry__in=waiting).for_list()
    held = [offer for offer in with_end_of_care(offers) if offer.can_be_taken]
    links = {offer.entry_id: link_to_offer(offer) for offer in held}
    places = places_of(waiting)
    context = {
        "rows": [{"entry": each, "place": places[each.pk], "offer": links.get(each.pk)} for each in waiting],
        "ended": entries.exclude(ended_at=None).order_by("-ended_at", "pk")[:MOST_ENDED],
    }
    return render(request, "scheduling/list_waiting.html", context)


def _join_form(request) -> JoinForm:
    people = [each for each in people_cared_for_by(request.user) if each.may_book]
    data = request.POST if request.method == "POST" else None
    return JoinForm(data, people=people, whom=_whom(request.GET))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@checks_fields(_join_form)
def join_list(request):
    form = _join_form(request)
    if request.method == "POST" and form.is_valid():
        try:
            join_waiting_list(entry=form.entry(), by=request.user)
        except ValidationError as refusal:
            put_on_form(form, refusal)
        else:
            messages.success(request, _("You are on the waiting list. We tell you when a time is free."))
            return redirect("scheduling:list-waiting")
    status = HTTPStatus.CONFLICT if form.errors else HTTPStatus.OK
    return render(request, "scheduling/join_list.html", {"form": form, "whom": form.whom}, status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def leave_list(request, reference):
    entry = visible_or_404(request, _own(request).for_list(), reference)
    form = LeaveForm(request.POST if request.method == "POST" else None, row=entry)
    if request.method == "POST" and form.is_valid():
        try:
            form.save_unless_changed(lambda: leave_waiting_list(entry=entry, by=request.user))
        except ValidationError as refusal:
            put_on_form(form, refusal)
        else:
            messages.success(request, _("You are no longer on this waiting list."))
            return redirect("scheduling:list-waiting")
    return render(
        request, "scheduling/leave_list.html", {"form": form, "entry": form.row}, status=form.status
    )


def _own(request):
    people = [each.patient_id for each in people_cared_for_by(request.user) if each.may_book]
    return WaitingListEntry.objects.visible_to(request.user).filter(patient__in=people)


def _whom(query) -> Doctor | Department:
    """Whom the address names; 404 for anybody who cannot be booked."""
    if reference := query.get("doctor"):
        doctor = active_doctor(reference)
        if doctor is None:
            raise Http404
        return doctor
    return get_object_or_404(Department, slug=query.get("department", ""), is_active=True)
