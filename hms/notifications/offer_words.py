"""What the names in texts about offers stand for, and whether such a message still says the truth."""

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from hms.notifications.links import address_of
from hms.notifications.models import Notification
from hms.notifications.statuses import Kind
from hms.notifications.visit_words import in_full
from scheduling.models import Appointment, Offer
from scheduling.moments import clock
from scheduling.offer_links import code_of


def values_of(offer: Offer) -> dict[str, str]:
    """In the language that is active. The visit is the one that needs another time, else the offered one."""
    hold, visit = offer.hold, offer.displaced
    values = _of_visit(visit or hold) | {"place": (visit or hold).place}
    values |= {"until": "", "until_time": "", "new_when": "", "new_doctor": "", "new_place": ""}
    if hold:
        values |= {"until": _day_and_time(hold.held_until), "until_time": clock(hold.held_until)}
        values |= {"new_when": in_full(hold.starts_at), "new_doctor": hold.doctor.full_name}
        values["new_place"] = hold.place
    link = address_of("scheduling:answer-offer", code_of(offer))
    return values | {"choice": _choice(hold), "link": link, "answer": _answer(link)}


def _of_visit(visit: Appointment) -> dict[str, str]:
    local = timezone.localtime(visit.starts_at)
    return {
        "when": in_full(visit.starts_at),
        "day": date_format(local, "D j M"),
        "time": clock(visit.starts_at),
        "doctor": visit.doctor.full_name,
    }


def _day_and_time(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "l j F, g:i A")


def _choice(hold: Appointment | None) -> str:
    if hold:
        return _(
            "Take it, choose another time, or cancel with a full refund. Nothing changes until you choose."
        )
    return _(
        "We have found no similar time. "
        "Choose another one or cancel with a full refund; otherwise we call you."
    )


def _answer(link: str) -> str:
    if link:
        return _("Answer here, without a login:") + f"\n\n{link}"
    return _("Log in on our site and open “My appointments”, or call us.")


def key_of(offer: Offer, kind: str, who: str) -> str:
    """One message for each time that is offered: one offer can be for another time later."""
    return f"{kind}/{offer.reference}/{offer.hold_id}/{who}"


def offers_in_vain(row: Notification) -> bool:
    """Whether the message offers a time that is settled, offered to others, or no longer held."""
    if row.kind not in (Kind.WAITING_OFFER, Kind.LEAVE_OFFER):
        return False
    _kind, reference, hold, _who = row.idempotency_key.split("/")
    offer = Offer.objects.open().filter(reference=reference).select_related("hold").first()
    if offer is None or str(offer.hold_id) != hold:
        return True
    return row.kind == Kind.WAITING_OFFER and not offer.can_be_taken
