"""The desk decides whether two patients are one person. No data moves, and each decision can be undone."""

from collections.abc import Collection

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.exceptions import OnePatient, PairDecided, PairReasonMissing
from accounts.models import DuplicatePair, Patient
from accounts.statuses import PairStatus
from hms.core.locks import lock_first
from hms.core.refusals import NotAllowed
from hms.core.rights import require
from hms.core.states import move
from hms.core.transactions import retried_atomic


@retried_atomic
def decide_pair(*, one: Patient, other: Patient, status: str, reason: str, by) -> DuplicatePair:
    """Mark two patients as one person or as different people, or undo that.

    The newer record is the duplicate of the older one. Refuses all but the desk, a missing reason, and a
    decision against one that stands: it is undone first.
    """
    require(by, "accounts.add_patient")
    status, reason = PairStatus(status), reason.strip()
    if one.pk == other.pk:
        raise OnePatient
    if Patient.objects.visible_to(by).filter(pk__in=(one.pk, other.pk)).count() < 2:
        raise NotAllowed
    if not reason:
        raise PairReasonMissing
    older, newer = sorted((one, other), key=lambda patient: patient.pk)
    pair = lock_first(DuplicatePair.objects.filter(patient=newer, original=older))
    if pair is None:
        return _first_decision(newer, older, status, reason, by)
    if pair.status != status:
        move(pair, status, reason=reason, decided_by=by, decided_at=timezone.now())
    return pair


def _first_decision(newer: Patient, older: Patient, status: PairStatus, reason: str, by) -> DuplicatePair:
    if status == PairStatus.OPEN:
        raise PairDecided
    pair = DuplicatePair(patient=newer, original=older, status=status, reason=reason, decided_by=by)
    try:
        with transaction.atomic():
            pair.save(force_insert=True)
    except IntegrityError as lost:
        raise PairDecided from lost
    return pair


def decided_pairs(keys: Collection[int]) -> set[frozenset[int]]:
    """The pairs among which one of these patients is and that need no decision any more."""
    pairs = DuplicatePair.objects.about(keys).exclude(status=PairStatus.OPEN)
    return {frozenset(pair) for pair in pairs.order_by().values_list("patient_id", "original_id")}
