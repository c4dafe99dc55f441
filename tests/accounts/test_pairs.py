"""The desk decides about two records: one person or two, with a reason, and it can be undone."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from accounts.exceptions import OnePatient, PairDecided, PairReasonMissing
from accounts.models import DuplicatePair, Patient
from accounts.services import decide_pair, possible_duplicates, similar_patients
from accounts.statuses import PairStatus
from audit.models import AuditEvent
from hms.core.refusals import NotAllowed
from hms.core.states import StepRefused
from tests.costs import READ_BY_STAFF
from tests.factories import GuardianshipFactory, PatientFactory, staff
from tests.opened import opened, send

pytestmark = [pytest.mark.django_db, pytest.mark.feature("A09")]

PAGE = "/admin/accounts/patient/possible-duplicates/"
LIST = "/admin/accounts/patient/"
PAIRS = "/admin/accounts/duplicatepair/"


def twins() -> tuple[Patient, Patient]:
    one, other = (PatientFactory(full_name="Asha Rao", date_of_birth=date(1984, 3, 27)) for _each in range(2))
    return one, other


def page_of(one: Patient, other: Patient) -> str:
    return f"{PAGE}{one.reference}/{other.reference}/"


def decided(one: Patient, other: Patient, status: str, by=None) -> DuplicatePair:
    return decide_pair(
        one=one, other=other, status=status, reason="Both came today", by=by or staff("receptionist")
    )


def keys_of(pairs) -> list[tuple[int, int]]:
    return [(pair.new, pair.old) for pair in pairs]


@pytest.mark.parametrize("status", ["different", "same"])
def test_a_decided_pair_does_not_come_back_before_it_is_undone(status):
    (older, newer), by = twins(), staff("receptionist")
    shown = [keys_of(possible_duplicates(by=by))]

    decided(older, newer, status, by)
    shown.append(keys_of(possible_duplicates(by=by)))
    decided(newer, older, "open", by)
    shown.append(keys_of(possible_duplicates(by=by)))

    assert shown == [[(newer.pk, older.pk)], [], [(newer.pk, older.pk)]]
    assert DuplicatePair.objects.get().status == PairStatus.OPEN


def test_other_pairs_of_the_same_people_stay():
    (first, second), by = twins(), staff("receptionist")
    third = PatientFactory(full_name="Asha Rao", date_of_birth=date(1984, 3, 27))

    decided(first, second, "different", by)

    assert sorted(keys_of(possible_duplicates(by=by))) == [(third.pk, first.pk), (third.pk, second.pk)]


def test_the_newer_record_is_the_duplicate_in_whichever_order_it_is_asked():
    older, newer = twins()
    by = staff("receptionist")

    pair = decided(older, newer, "same", by)

    assert (pair.patient, pair.original, pair.reason, pair.decided_by) == (
        newer,
        older,
        "Both came today",
        by,
    )
    marks = Patient.objects.with_original(by).order_by("pk").values_list("pk", "original_mrn")
    assert list(marks) == [(older.pk, None), (newer.pk, older.mrn)]
    with pytest.raises(IntegrityError), transaction.atomic():
        DuplicatePair.objects.filter(pk=pair.pk).update(patient=older, original=newer)


def test_a_decision_is_undone_before_another_one_is_taken():
    one, other = twins()
    decided(one, other, "same")

    with pytest.raises(StepRefused):
        decided(one, other, "different")
    decided(one, other, "same")
    decided(one, other, "open")
    decided(one, other, "different")

    assert DuplicatePair.objects.get().status == PairStatus.DIFFERENT
    changes = AuditEvent.objects.filter(model="accounts.duplicatepair").order_by("pk")
    assert [entry.changes["status"] for entry in changes if "status" in entry.changes] == [
        [None, "same"], ["same", "open"], ["open", "different"],
    ]  # fmt: skip


@pytest.mark.parametrize("role", ["doctor", "nurse", "billing_clerk", "auditor"])
def test_only_the_desk_decides(client, role):
    one, other = twins()
    client.force_login(staff(role))

    with pytest.raises(NotAllowed):
        decided(one, other, "same", staff(role))

    assert client.get(page_of(one, other)).status_code == 403
    assert not DuplicatePair.objects.exists()


def test_a_decision_needs_two_records_and_a_reason():
    one, other = twins()

    with pytest.raises(OnePatient):
        decided(one, one, "same")
    with pytest.raises(PairReasonMissing):
        decide_pair(one=one, other=other, status="same", reason=" ", by=staff("receptionist"))
    with pytest.raises(PairDecided):
        decided(one, other, "open")

    assert not DuplicatePair.objects.exists()


def test_no_warning_is_given_of_somebody_who_is_known_to_be_another_person():
    one, other = twins()
    asked = {"full_name": one.full_name, "date_of_birth": one.date_of_birth, "by": staff("receptionist")}
    before = [match.patient for match in similar_patients(besides=one, **asked)]

    decided(one, other, "different")

    assert before == [other]
    assert similar_patients(besides=one, **asked) == []
    assert {match.patient for match in similar_patients(**asked)} == {one, other}


def test_the_desk_decides_on_the_page_and_is_warned_wherever_it_finds_the_duplicate(client, desk):
    older, newer = twins()
    listed = client.get(PAGE).text

    refused = send(client, page_of(newer, older), {"status": "same", "reason": ""})
    send(client, page_of(newer, older), {"status": "same", "reason": "One Aadhaar card"})

    warning = f"Registered twice: please use {older.mrn}"
    book = "/admin/scheduling/appointment/add/?"
    pages = [
        f"{LIST}{newer.pk}/change/",
        f"{book}q={newer.mrn}",
        f"{book}patient={newer.reference}",
    ]
    assert page_of(newer, older) in listed
    assert "How do you know?" in refused.text
    assert [warning in client.get(page).text for page in pages] == [True] * 3
    assert [warning in client.get(page.replace(newer.mrn, older.mrn)).text for page in pages[1:2]] == [False]
    assert f'<td class="field-duplicate_of">{older.mrn}</td>' in client.get(f"{LIST}?q={newer.mrn}").text
    assert "Nobody among them seems to be registered twice." in client.get(PAGE).text


def test_the_page_says_what_was_decided_and_offers_to_undo_it_only(client, desk):
    one, other = twins()
    decided(one, other, "different")

    page = client.get(page_of(one, other))

    assert [value for value, _label in page.context["form"].fields["status"].choices] == ["open"]
    assert "Both came today" in page.text


def test_a_page_does_not_undo_a_decision_that_it_did_not_show(client, desk):
    one, other = twins()
    decided(one, other, "different")
    old = opened(client, page_of(one, other)) | {"status": "open", "reason": "Mistyped"}
    decided(one, other, "open")
    decided(one, other, "same")

    answer = client.post(page_of(one, other), old)

    assert (answer.status_code, DuplicatePair.objects.get().status) == (409, "same")


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_of_decisions_costs_the_same_for_one_and_for_three(
    client, desk, rows, django_assert_num_queries
):
    for _row in range(rows):
        decided(*twins(), "different")

    with django_assert_num_queries(6 + READ_BY_STAFF):
        page = client.get(PAIRS)

    assert len(page.context["cl"].result_list) == rows


@pytest.mark.parametrize("page", ["", "{pk}/change/", "{pk}/history/"])
def test_whoever_reads_a_decision_reads_both_records(client, desk, page):
    older, newer = twins()
    pair = decided(older, newer, "same")

    assert client.get(PAIRS + page.format(pk=pair.pk)).status_code == 200

    assert AuditEvent.objects.filter(action="read").latest("pk").details["patients"] == [older.pk, newer.pk]


def test_the_number_of_the_older_record_is_shown_only_to_those_who_may_see_it():
    older, newer = twins()
    decided(older, newer, "same")
    carer = GuardianshipFactory(patient=newer).user

    assert [row.original_mrn for row in Patient.objects.visible_to(carer).with_original(carer)] == [None]
