"""The summary of a visit: what is on it, and the code that changes whenever it says something else."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from clinical.models import DocumentCode, LabOrder
from clinical.services import (
    acknowledge_result,
    add_addendum,
    collect_sample,
    issue_certificate,
    release_result,
    sign_encounter,
    verify_result,
    withdraw_prescription,
)
from hms.core.rights import SYSTEM
from scheduling.models import Doctor
from tests.clinical.lab_rows import acknowledged, corrected, released_with
from tests.clinical.prescribing import sign, write
from tests.clinical.rows import REFERRAL, address, finished
from tests.costs import READ
from tests.factories import carer_of
from tests.scheduling.pages import links, text

pytestmark = [pytest.mark.django_db, pytest.mark.feature("C07"), pytest.mark.feature("C11")]
VISITS = "/me/records/visits/"
# session, person, record, diagnoses, addenda, prescriptions with their items, results, certificates, files
VISIT_QUERIES = 10 + READ


def test_a_visit_is_summed_up_under_one_code_in_the_name_of_its_author(client, public, doctor, patient):
    encounter = finished(doctor, patient, medicine_lines="cetirizine 10 hs 5d", test_lines="")
    again = sign_encounter(encounter=encounter, by=doctor.user)
    Doctor.objects.filter(pk=doctor.pk).update(full_name="Dr. Later Name")
    client.force_login(carer_of(patient))

    page = client.get(f"{VISITS}{encounter.reference}/print/")

    assert again.document == encounter.document
    assert DocumentCode.objects.filter(kind="visit_summary").count() == 1
    assert address(encounter.document) in page.text
    for shown in ("Sunita Deshpande", "Flu", "Drink warm fluids", "cetirizine 10 mg", doctor.full_name):
        assert shown in text(page)
    for notes in ("Red throat", "Viral", "Worried", "Dr. Later Name"):
        assert notes not in page.text
    assert "Summary of a visit" in public(encounter.document)


def test_an_addendum_stands_on_the_summary_and_replaces_the_earlier_one(client, public, doctor, patient):
    encounter = finished(doctor, patient)
    printed, first = f"{VISITS}{encounter.reference}/print/", encounter.document
    client.force_login(carer_of(patient))
    before = client.get(printed)

    with time_machine.travel(timezone.now() + timedelta(days=2), tick=False):
        day = f"{timezone.localdate():%-d %B %Y}"
        add_addendum(encounter=encounter, text="Rest for\ntwo more days.", by=doctor.user)
        client.force_login(carer_of(patient))
        papers = [client.get(printed), client.get(f"{VISITS}{encounter.reference}/")]

    encounter.refresh_from_db()
    second = encounter.document
    added = f"Added on {day} by {doctor.user.get_full_name()} Rest for two more days."
    assert "Rest for" not in text(before)
    assert [added in text(paper) for paper in papers] == [True, True]
    for paper in papers:
        assert "Drink warm fluids" in text(paper)
    assert [address(code) in paper.text for code in (first, second) for paper in (before, papers[0])] == [
        *(True, False),
        *(False, True),
    ]
    assert "This document has been replaced" in public(first)
    assert "This document is genuine" in public(second)
    assert f"Issued on {day}" in public(second)
    assert encounter.appointment.reference + " " + day in text(papers[0])


def test_a_summary_is_replaced_whenever_it_says_something_else(public, doctor, patient):
    encounter = finished(doctor, patient, test_lines="K")
    visit, codes = encounter.appointment, [encounter.document]

    def renewed() -> bool:
        """Whether the summary has another code, and all earlier ones are replaced."""
        encounter.refresh_from_db()
        codes.append(encounter.document)
        statuses = [DocumentCode.objects.get(pk=code.pk).status for code in codes]
        return statuses == ["replaced"] * (len(codes) - 1) + ["genuine"]

    (order,) = collect_sample(orders=visit.lab_orders.all(), by=SYSTEM)
    result = acknowledge_result(result=released_with(order, "5.0"), by=doctor.user)
    with_a_result = renewed()
    correction = corrected(result, "4.0")
    while_corrected = renewed()
    correction = release_result(result=verify_result(result=correction, by=SYSTEM), by=SYSTEM)
    acknowledge_result(result=correction, by=doctor.user)
    with_the_correction = renewed()
    signed = sign(write(patient, "cetirizine 10 hs 5d"))
    with_a_prescription = renewed()
    withdraw_prescription(prescription=signed, reason="Rash", by=doctor.user)

    assert (with_a_result, while_corrected, with_the_correction, with_a_prescription) == (True,) * 4
    assert renewed()
    assert len(set(codes)) == 6


def test_carers_do_not_read_the_addenda_to_a_record_that_is_hidden_from_them(client, doctor, patient):
    own = carer_of(patient, relation="self")
    encounter = finished(doctor, patient, confidentiality="hidden")
    add_addendum(encounter=encounter, text="Rest for two more days.", by=doctor.user)
    page = f"{VISITS}{encounter.reference}/print/"

    answers = {}
    for reader in (own, carer_of(patient, relation="parent")):
        client.force_login(reader)
        answers[reader] = client.get(page)

    assert [answer.status_code for answer in answers.values()] == [200, 404]
    assert "Rest for two more days." in answers[own].text


def test_the_page_of_a_visit_links_what_came_of_it_and_nothing_withdrawn(client, doctor, patient):
    encounter = finished(doctor, patient, medicine_lines="cetirizine 10 hs 5d")
    visit = encounter.appointment
    prescription = visit.prescriptions.get()
    letter = issue_certificate(appointment=visit, **REFERRAL, by=doctor.user)
    elsewhere = acknowledged(doctor, patient=patient)
    client.force_login(carer_of(patient))
    page = f"{VISITS}{encounter.reference}/"
    before = links(client.get(page))
    withdraw_prescription(prescription=prescription, reason="Rash", by=doctor.user)

    after = links(client.get(page))

    assert {prescription.get_absolute_url(), letter.get_absolute_url(), f"{page}print/"} <= set(before)
    assert f"/me/records/results/{elsewhere.reference}/" not in before
    assert prescription.get_absolute_url() not in after
    assert letter.get_absolute_url() in after


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_of_a_visit_costs_the_same_for_one_and_for_three(
    count, client, doctor, patient, django_assert_num_queries
):
    encounter = finished(doctor, patient)
    for line in ["cetirizine 10 hs 5d", "paracetamol 500 tds 3d", "amox 500 1-0-1 5d"][:count]:
        issue_certificate(appointment=encounter.appointment, **REFERRAL | {"text": line}, by=doctor.user)
        add_addendum(encounter=encounter, text=f"Called back: {line}", by=doctor.user)
        sign(write(patient, line))
        acknowledged(doctor, patient=patient)
    LabOrder.objects.update(appointment=encounter.appointment)
    client.force_login(carer_of(patient))
    page = f"{VISITS}{encounter.reference}/"
    client.get(page)

    with django_assert_num_queries(VISIT_QUERIES):
        shown = client.get(page)

    names = ("addenda", "prescriptions", "reports", "certificates")
    assert [len(shown.context[name]) for name in names] == [count] * 4
