"""Which messages are wanted: by the login on its own page, and by the link in an e-mail without a login."""

from http import HTTPStatus

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.models import Guardianship, Patient, Relation
from hms.core.rights import SYSTEM
from hms.notifications.links import declined_by
from hms.notifications.models import DeclinedMessage
from hms.notifications.services import choose_messages, decline_message
from hms.notifications.statuses import OPTIONAL, Channel, Kind

get_and_post = require_http_methods(["GET", "HEAD", "POST"])


@login_required
@get_and_post
def choose(request):
    """One table of kinds and channels for each person for whom the login books."""
    people = people_of(request.user)
    if request.method == "POST":
        for patient in people:
            wanted = {tuple(one.split("/", 1)) for one in request.POST.getlist(patient.reference)}
            choose_messages(patient=patient, wanted=wanted, by=request.user)
        messages.success(request, _("Your choice has been saved."))
        return redirect("notifications:choose-messages")
    declined = DeclinedMessage.objects.visible_to(request.user).filter(patient__in=people)
    rows = set(declined.values_list("patient", "kind", "channel"))
    context = {
        "people": [(patient, _choices(patient, rows)) for patient in people],
        "channels": Channel,
        "necessary": [kind.label for kind in SHOWN_AS_NECESSARY],
    }
    return render(request, "notifications/choose.html", context)


SHOWN_AS_NECESSARY = (
    *(Kind.BOOKED, Kind.MOVED, Kind.CANCELLED, Kind.MISSED, Kind.WAITING_OFFER, Kind.LEAVE_OFFER),
    *(Kind.RECEIPT, Kind.REFUND, Kind.WITHDRAWAL, Kind.CARE_GIVEN, Kind.CARE_ENDED),
)


def people_of(user) -> list[Patient]:
    """Those for whom the login may book, the login's own record first."""
    held = Guardianship.objects.visible_to(user).in_force().filter(user=user, may_book=True)
    held = held.select_related("patient").order_by("patient__full_name", "pk")
    return [one.patient for one in sorted(held, key=lambda one: one.relation != Relation.SELF)]


def _choices(patient: Patient, declined: set) -> list[tuple]:
    return [
        (kind, [(channel, (patient.pk, kind, channel) not in declined) for channel in Channel])
        for kind in OPTIONAL
    ]


@csrf_exempt  # a mail program posts without a page of ours; the signed token is the right to do so (RFC 8058)
@get_and_post
@cache_control(private=True, no_store=True)
def unsubscribe(request, token: str):
    """Opening the page changes nothing: mail programs open links to look at them."""
    declined = declined_by(token)
    context = {"is_known": declined is not None, "is_done": False}
    if declined:
        patient, kind, channel = declined
        context |= {"kind": Kind(kind).label, "channel": Channel(channel).label}
        if request.method == "POST":
            decline_message(patient=patient, kind=kind, channel=channel, by=SYSTEM)
            context["is_done"] = True
    status = HTTPStatus.OK if declined else HTTPStatus.NOT_FOUND
    answer = render(request, "notifications/unsubscribe.html", context, status=status)
    answer["X-Robots-Tag"] = "noindex, nofollow"
    return answer
