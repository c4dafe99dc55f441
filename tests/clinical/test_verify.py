"""Anybody who holds a document can ask whether it is genuine, and learns nothing about the patient."""

import re

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Counter
from audit.models import AuditEvent
from clinical.document_codes import LENGTH, code_from, new_code, spaced
from clinical.exceptions import SignedIsFinal
from clinical.models import DocumentCode
from clinical.services import issue_code, mark_replaced, mark_withdrawn
from clinical.views.verify import network_of
from hms.core.references import ALPHABET
from hms.core.refusals import NotAllowed
from hms.core.rights import SYSTEM
from hms.core.states import StepRefused
from tests.factories import PatientFactory, carer_of, staff
from tests.scheduling.pages import text, title

pytestmark = [pytest.mark.django_db, pytest.mark.feature("C11")]


@pytest.fixture
def code():
    patient = PatientFactory(full_name="Sunita Deshpande", mrn="T777777")
    return issue_code(patient=patient, kind="certificate", issuer="Dr. Asha Rao", by=SYSTEM)


def page_of(code: DocumentCode) -> str:
    return f"/verify/{spaced(code.code)}/"


@pytest.mark.parametrize(
    ("end", "heading"),
    [
        (None, "This document is genuine"),
        (mark_replaced, "This document has been replaced"),
        (mark_withdrawn, "This document has been withdrawn"),
    ],
)
def test_the_page_says_whether_the_document_is_in_force_with_kind_date_and_issuer(client, code, end, heading):
    if end:
        end(code=code, by=SYSTEM)

    answer = client.get(page_of(code))

    assert (answer.status_code, heading in answer.text) == (200, True)
    day = f"{timezone.localdate():%-d %B %Y}"
    for shown in ("Medical certificate", day, "Dr. Asha Rao", "Sanjeevani Hospital"):
        assert shown in text(answer)


def test_the_page_says_nothing_about_the_patient_and_is_kept_nowhere(client, code):
    answer = client.get(page_of(code))

    for secret in ("Sunita", "Deshpande", "T777777", code.patient.reference, code.reference):
        assert secret not in answer.text
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert answer.cookies == {}


@pytest.mark.parametrize("typed", ["{}", "{} ", "{}-", "-{}"])
def test_a_code_may_be_typed_in_small_letters_and_with_blanks(client, code, typed):
    answer = client.get(f"/verify/{typed.format(code.code.lower())}/")

    assert answer.status_code == 200


@pytest.mark.parametrize("wrong", ["x", "A" * 18, "A" * 400, "%00", "%D7%A9", "1" * 18, "..%2F..%2F", "'--"])
def test_an_unknown_code_is_a_page_that_says_so(client, code, wrong):
    answer = client.get(f"/verify/{wrong}/")

    assert answer.status_code == 404
    assert title(answer) == "Check a document" or "%2F" in wrong


def test_a_check_is_logged_under_the_patient(client, code):
    client.get(page_of(code), REMOTE_ADDR="192.0.2.7")
    client.get(f"/verify/{new_code()}/")

    entry = AuditEvent.objects.get(model="clinical.documentcode", action="read")
    assert (entry.patient_id, entry.address, entry.actor_id) == (code.patient_id, "192.0.2.7", None)
    assert code.code not in entry.object_repr


def test_a_network_gets_so_many_answers_an_hour(client, code, settings):
    settings.VERIFY_ATTEMPTS_AN_HOUR = 3
    wrong = f"/verify/{new_code()}/"

    with time_machine.travel("2026-11-22 12:05Z", tick=False):
        tried = [client.get(page).status_code for page in (wrong, page_of(code), wrong, page_of(code))]
        refused = client.get(page_of(code))
        elsewhere = client.get(page_of(code), REMOTE_ADDR="198.51.100.9")
    with time_machine.travel("2026-11-22 13:05Z", tick=False):
        later = client.get(page_of(code))

    assert tried == [404, 200, 404, 429]
    assert "Dr. Asha Rao" not in refused.text
    assert refused["Retry-After"] == "3600"
    assert (elsewhere.status_code, later.status_code) == (200, 200)
    assert Counter.objects.filter(series__startswith="verify ").count() == 1


def test_the_neighbours_of_an_ipv6_address_share_its_attempts():
    assert network_of("2001:db8::1") == network_of("2001:db8::ffff:1")
    assert network_of("2001:db8::1") != network_of("2001:db8:0:1::1")
    assert network_of("192.0.2.1") != network_of("192.0.2.2")
    assert network_of(None) == ""


def test_a_document_ends_once(code):
    mark_withdrawn(code=code, by=SYSTEM)

    with pytest.raises(StepRefused):
        mark_replaced(code=code, by=SYSTEM)
    with pytest.raises(SignedIsFinal), transaction.atomic():
        DocumentCode.objects.filter(pk=code.pk).update(status="genuine")
    with pytest.raises(SignedIsFinal), transaction.atomic():
        code.delete()


def test_a_code_is_given_once(code):
    again = DocumentCode(
        patient=PatientFactory(), kind="letter", issuer="x", issued_on=code.issued_on, code=code.code
    )

    with pytest.raises(IntegrityError), transaction.atomic():
        again.save()


def test_only_those_who_issue_documents_give_and_end_codes(code):
    for by in (staff("receptionist"), staff("nurse"), staff("administrator"), carer_of(code.patient)):
        with pytest.raises(NotAllowed):
            issue_code(patient=code.patient, kind="letter", issuer="x", by=by)
        with pytest.raises(NotAllowed):
            mark_withdrawn(code=code, by=by)

    assert DocumentCode.objects.values_list("status", flat=True).get() == "genuine"


def test_codes_have_eighty_bits_and_more():
    codes = {new_code() for _number in range(200)}

    assert len(codes) == 200
    assert {len(code) for code in codes} == {LENGTH}
    assert len(ALPHABET) ** LENGTH > 2**80


@given(st.text(ALPHABET, min_size=LENGTH, max_size=LENGTH))
def test_a_code_reads_as_it_is_printed(code):
    assert code_from(spaced(code)) == code
    assert re.fullmatch(r"\w{6}-\w{6}-\w{6}", spaced(code))


@given(st.text(max_size=60))
def test_anything_else_is_no_code(typed):
    found = code_from(typed)

    assert found is None or (len(found) == LENGTH and set(found) <= set(ALPHABET))
