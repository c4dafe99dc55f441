"""Public pages of the day: one's own place in the queue, the token slip, and the waiting-room screen.

They name no patient. Whoever holds the private link of a visit sees its token and when it will be called.
"""

from datetime import datetime, timedelta

import segno
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from audit.capture.reads import note
from audit.capture.requests import refreshes
from scheduling.models import Appointment, Branch
from scheduling.queues.links import page_of, reference_in
from scheduling.queues.places import PlaceInQueue, Stage, place_of, queues_of, visit_with
from scheduling.queues.rooms import room_of

REFRESH_SECONDS = 20
# Estimates are told in steps of so many minutes.
STEP_MINUTES = 5
KIOSK_SECONDS = 45
NOT_LISTED = "noindex, nofollow"


@require_safe
@cache_control(private=True, no_store=True)
def show_place(request, token: str):
    """One's own place; it is read again by itself."""
    refreshes(request)
    visit = _visit_or_404(token)
    place = place_of(visit)
    context = {
        "appointment": visit,
        "room": room_of(visit),
        "place": place,
        "now": timezone.now(),
        "between": between(place),
        "refresh_seconds": REFRESH_SECONDS,
    }
    return _private(render(request, "scheduling/show_place.html", context))


@require_safe
@cache_control(private=True, no_store=True)
def show_slip(request, token: str):
    """The token on a slip of paper; a kiosk goes back to its first page after some seconds."""
    visit = _visit_or_404(token)
    if not visit.token or place_of(visit).stage == Stage.OVER:
        raise Http404
    address = request.build_absolute_uri(page_of(visit))
    is_kiosk = "kiosk" in request.GET
    context = {
        "appointment": visit,
        "room": room_of(visit),
        "qr": segno.make(address, error="m", micro=False).svg_data_uri(scale=5, border=2),
        "place_url": page_of(visit),
        "is_kiosk": is_kiosk,
        "kiosk_seconds": KIOSK_SECONDS,
        "kiosk_url": reverse("scheduling:check-in") + "?kiosk",
    }
    answer = _private(render(request, "scheduling/show_slip.html", context))
    if is_kiosk:
        answer["Refresh"] = f"{KIOSK_SECONDS}; url={context['kiosk_url']}"
    return answer


@require_safe
def show_screen(request, code: str):
    """The screen of a waiting room: for each doctor (of a department) the tokens inside and next."""
    branch = get_object_or_404(Branch.objects.open(), code=code)
    now = timezone.now()
    context = {
        "branch": branch,
        "queues": queues_of(branch, now, request.GET.get("department", "")),
        "now": now,
        "refresh_seconds": REFRESH_SECONDS,
    }
    return render(request, "scheduling/show_screen.html", context)


def between(place: PlaceInQueue) -> tuple[datetime, datetime] | None:
    """The ends of the estimate, rounded outwards."""
    if place.earliest is None:
        return None
    step = timedelta(minutes=STEP_MINUTES).total_seconds()
    first, last = place.earliest.timestamp(), place.latest.timestamp()
    ends = (first // step * step, -(-last // step) * step)
    return tuple(
        timezone.localtime(datetime.fromtimestamp(end, timezone.get_current_timezone())) for end in ends
    )


def _visit_or_404(token: str) -> Appointment:
    reference = reference_in(token)
    visit = visit_with(reference) if reference else None
    if visit is None:
        raise Http404
    note([visit])
    return visit


def _private(response):
    response["X-Robots-Tag"] = NOT_LISTED
    return response
