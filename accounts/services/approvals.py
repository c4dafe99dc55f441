"""Two people for one step: one asks, another one approves, and the step is taken with the approval."""

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.approvals import kinds
from accounts.exceptions import (
    AlreadyAsked,
    AskerMayNoLonger,
    NoteNeeded,
    NotYourRequest,
    OwnRequest,
    RequestExpired,
)
from accounts.models import ApprovalRequest, User
from accounts.statuses import ApprovalStatus
from hms.core.locks import lock_first, lock_row
from hms.core.rights import acting, require
from hms.core.states import move, require_step
from hms.core.transactions import retried_atomic

LASTS = timedelta(days=7)


@retried_atomic
def ask_approval(*, kind: str, about_pk: int, values: dict[str, str], by: User) -> ApprovalRequest:
    """Ask for a step that another person must approve; asking again for the same returns the first request.

    Refuses people without the right to the step, a step that could not be taken now, and one that somebody
    else asks for already.
    """
    chosen = kinds[kind]
    require(by, chosen.permission)
    summary = chosen.check(about_pk, values, by=by)
    wanted = f"{kind}/{about_pk}/{chosen.narrowed(values)}"
    if first := _still_open(wanted):
        if first.asked_by_id == by.pk and first.values == values:
            return first
        raise AlreadyAsked
    now = timezone.now()
    try:
        with transaction.atomic():
            return ApprovalRequest.objects.create(
                kind=kind,
                about_pk=about_pk,
                values=values,
                summary=summary,
                asked_by=by,
                asked_at=now,
                expires_at=now + LASTS,
                open_for=wanted,
            )
    except IntegrityError as lost:
        raise AlreadyAsked from lost


@retried_atomic
def close_overtaken(*, kind: str, about_pk: int, values: dict[str, str]) -> None:
    """Close the open request for a step that an operator has taken on the server."""
    if request := _still_open(f"{kind}/{about_pk}/{kinds[kind].narrowed(values)}"):
        _close(request, ApprovalStatus.EXPIRED, note=_("It was done on the server."))


def _still_open(wanted: str) -> ApprovalRequest | None:
    """The open request for this; one that has run out is closed and gives way."""
    first = lock_first(ApprovalRequest.objects.filter(open_for=wanted))
    if first and first.has_expired:
        _close(first, ApprovalStatus.EXPIRED)
        return None
    return first


@retried_atomic
def approve_request(*, request: ApprovalRequest, note: str = "", by: User) -> ApprovalRequest:
    """Approve, and take the step in the same transaction, with all checks run again.

    Refuses the person who asked, people without the right, requests that are closed or have expired, and
    those of a person who meanwhile may not ask for this any more.
    """
    request = _lock_to_decide(request, ApprovalStatus.APPROVED, by)
    kind, asked_by = kinds[request.kind], request.asked_by
    if request.has_expired:
        raise RequestExpired
    if not asked_by.is_active or not asked_by.has_perm(kind.permission):
        raise AskerMayNoLonger
    _close(request, ApprovalStatus.APPROVED, decided_by=by, note=note.strip())
    kind.carry_out(request.about_pk, request.values, reference=request.reference, asked_by=asked_by, by=by)
    return request


@retried_atomic
def decline_request(*, request: ApprovalRequest, note: str, by: User) -> ApprovalRequest:
    """Decline with the reason in a note; refuses likewise."""
    request = _lock_to_decide(request, ApprovalStatus.DECLINED, by)
    if not note.strip():
        raise NoteNeeded
    _close(request, ApprovalStatus.DECLINED, decided_by=by, note=note.strip())
    return request


@retried_atomic
def withdraw_request(*, request: ApprovalRequest, by: User) -> ApprovalRequest:
    """Take back what one has asked for; refuses others, and what is closed."""
    request = lock_row(ApprovalRequest.objects.all(), pk=request.pk)
    if request.asked_by_id != acting(by).pk:
        raise NotYourRequest
    _close(request, ApprovalStatus.WITHDRAWN)
    return request


def expire_requests() -> int:
    """Close open requests that nobody decided in time; returns how many."""
    late = ApprovalRequest.objects.filter(status=ApprovalStatus.OPEN, expires_at__lte=timezone.now())
    return sum(_expire(pk) for pk in late.order_by("pk").values_list("pk", flat=True))


@retried_atomic
def _expire(pk: int) -> bool:
    request = lock_row(ApprovalRequest.objects.all(), pk=pk)
    if request.is_open:
        _close(request, ApprovalStatus.EXPIRED)
        return True
    return False


def _lock_to_decide(request: ApprovalRequest, wanted: ApprovalStatus, by: User) -> ApprovalRequest:
    request = lock_row(ApprovalRequest.objects.all(), pk=request.pk)
    require(by, kinds[request.kind].permission)
    if request.asked_by_id == by.pk:
        raise OwnRequest
    require_step(request.status, wanted)
    return request


def _close(request: ApprovalRequest, status: ApprovalStatus, **changes) -> None:
    move(request, status, open_for=None, decided_at=timezone.now(), **changes)
