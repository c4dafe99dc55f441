"""Requests that may come twice: the first with a key is carried out, the others get its answer."""

from datetime import datetime, timedelta
from hashlib import sha256

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from hms.api.exceptions import KeyOfAnotherRequest, StillInProgress
from hms.api.models import KeptAnswer
from hms.core.ciphers import cipher_for
from hms.core.locks import lock_first
from hms.core.transactions import retried_atomic

# Longer than the server lets a request take: whoever has not answered by then never will.
GIVEN_UP_AFTER = timedelta(minutes=2)
SALT = "hms.api.idempotency"


@retried_atomic
def begin_once(*, key: str, request: bytes, by) -> KeptAnswer | bytes:
    """The row of a request that is to be carried out now, or the answer that was given to it.

    Refuses with `KeyOfAnotherRequest`, and with `StillInProgress` while the first is being carried out. A
    request without a login has its key to itself too: nobody guesses the key and the body of another.
    """
    now, said = timezone.now(), _hashed(request)
    wanted = KeptAnswer(key=_hashed(f"{by.pk} {key}".encode()), request=said, begun_at=now)
    try:
        with transaction.atomic():
            wanted.save(force_insert=True)
    except IntegrityError:
        first = lock_first(KeptAnswer.objects.filter(key=wanted.key))
        if first is None:  # given up at this moment
            raise StillInProgress from None
        return _again(first, said, now)
    return wanted


def _again(first: KeptAnswer, said: str, now: datetime) -> KeptAnswer | bytes:
    if first.begun_at <= now - kept_for():
        first.request, first.answer = said, None
    elif not constant_time_compare(first.request, said):
        raise KeyOfAnotherRequest
    elif first.answer is not None:
        return cipher_for(SALT).decrypt(bytes(first.answer))
    elif first.begun_at > now - GIVEN_UP_AFTER:
        raise StillInProgress
    first.begun_at = now
    first.save()
    return first


@retried_atomic
def keep_answer(*, row: KeptAnswer, answer: bytes) -> None:
    KeptAnswer.objects.filter(pk=row.pk).update(answer=cipher_for(SALT).encrypt(answer))


@retried_atomic
def forget_request(*, row: KeptAnswer) -> None:
    """Let the key be used again: the request was not carried out."""
    KeptAnswer.objects.filter(pk=row.pk).delete()


@retried_atomic
def forget_answers() -> int:
    """Delete the answers whose time is over; returns how many."""
    return KeptAnswer.objects.filter(begun_at__lte=timezone.now() - kept_for()).delete()[0]


def kept_for() -> timedelta:
    return timedelta(hours=settings.API["answers_kept_hours"])


def _hashed(text: bytes) -> str:
    return salted_hmac(SALT, sha256(text).hexdigest(), algorithm="sha256").hexdigest()
