"""Private addresses for calendar programs: the page that makes and revokes them, and what they answer."""

from http import HTTPStatus

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import visible_or_404
from audit.capture.requests import client_address
from hms.core.refusals import put_on_form
from hms.core.shared_counts import shared_counts
from scheduling.calendar_feed import calendar_of, state_of, visits_of
from scheduling.forms.calendar_feed import CalendarFeedForm
from scheduling.models import Appointment, CalendarFeed
from scheduling.services import make_feed, revoke_feed
from scheduling.services.calendar_feeds import feed_with, kinds_for
from scheduling.statuses import FeedKind

READS_A_MINUTE = 60  # of one network


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def list_feeds(request):
    """The page itself answers the POST: a message or a session would keep the address."""
    form, key = CalendarFeedForm(request.POST or None, kinds=kinds_for(request.user)), ""
    if request.method == "POST" and form.is_valid():
        try:
            key = _make(request, form)
        except ValidationError as refusal:
            put_on_form(form, refusal)
        else:
            if not key:
                messages.info(request, _("This address has been made already. It is shown only once."))
                return redirect("scheduling:list-feeds")
    context = {
        "feeds": CalendarFeed.objects.visible_to(request.user).open(),
        "address": key and request.build_absolute_uri(reverse("scheduling:read-feed", args=[key])),
        "form": CalendarFeedForm(kinds=kinds_for(request.user)) if key else form,
    }
    status = HTTPStatus.CONFLICT if form.errors else HTTPStatus.OK
    return render(request, "scheduling/list_feeds.html", context, status=status)


def _make(request, form: CalendarFeedForm) -> str:
    asked = form.cleaned_data
    _feed, key = make_feed(
        kind=asked["kind"], shows_names=asked["shows_names"], idempotency_key=asked["key"], by=request.user
    )
    return key


@login_required
@require_POST
def revoke(request, reference: str):
    feed = visible_or_404(request, CalendarFeed.objects.visible_to(request.user), reference)
    revoke_feed(feed=feed, by=request.user)
    messages.success(request, _("Revoked. Calendars that use this address get nothing any more."))
    return redirect("scheduling:list-feeds")


@require_safe
def read_feed(request, key: str):
    """The calendar, for whoever knows the key; 304 for a program that has it as it is."""
    if shared_counts().count(f"calendar:{client_address(request)}") > READS_A_MINUTE:
        return HttpResponse(status=HTTPStatus.TOO_MANY_REQUESTS, headers={"Retry-After": "60"})
    feed = feed_with(key)
    if feed is None:
        raise Http404
    request.user = feed.user  # who reads, in the log
    visits = list(visits_of(feed, timezone.now()))
    etag = f'W/"{state_of(feed, visits)}"'

    def page_of(visit: Appointment) -> str:
        if feed.kind == FeedKind.DOCTOR:
            return request.build_absolute_uri(reverse("admin:scheduling_appointment_change", args=[visit.pk]))
        return request.build_absolute_uri(visit.get_absolute_url())

    answer = get_conditional_response(request, etag=etag)
    if answer is None:
        calendar = calendar_of(feed, visits, page_of)
        answer = HttpResponse(calendar, content_type="text/calendar; charset=utf-8")
    answer["ETag"], answer["Cache-Control"] = etag, "private, no-cache"
    return answer
