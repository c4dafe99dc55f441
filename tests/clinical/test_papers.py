"""Prescriptions, laboratory reports and visit summaries carry a code, and their public page is up to date."""

import re
from datetime import date

import pytest

from clinical.letterhead import check_of
from clinical.models import DocumentCode, LabOrder, LabResult
from clinical.services import (
    acknowledge_result,
    collect_sample,
    correct_result,
    enter_result,
    issue_certificate,
    release_result,
    sign_encounter,
    verify_result,
    withdraw_prescription,
)
from hms.core.rights import SYSTEM
from scheduling.models import Doctor
from tests.clinical.lab_rows import acknowledged, number, ordered, released, technician, verified
from tests.clinical.prescribing import sign, write
from tests.clinical.rows import REFERRAL, doctor_at_work, finished, patient_of, visit_today
from tests.core.test_pdf import contents
from tests.costs import READ
from tests.factories import PatientFactory, carer_of, staff
from tests.scheduling.pages import links, text

pytestmark = [pytest.mark.django_db, pytest.mark.feature("C11")]
RESULTS, VISITS = "/me/records/results/", "/me/records/visits/"
# session, person, record, diagnoses, prescriptions with their items, results, certificates, files
VISIT_QUERIES = 9 + READ


@pytest.fixture
def doctor():
    return doctor_at_work()


@pytest.fixture
def patient(doctor):
    return patient_of(doctor, full_name="Sunita Deshpande", gender="female", date_of_birth=date(1970, 5, 4))


@pytest.fixture
def public(client, rf):
    """What anybody reads about a document; nothing about the patient is on it."""

    def read(code: DocumentCode) -> str:
        answer = client.get(check_of(rf.get("/"), code).address)
        for secret in ("Sunita", "Deshpande", code.patient.mrn, "Potassium", "Cetirizine", "Flu"):
            assert secret.lower() not in answer.text.lower()
        return text(answer)

    return read


def address(code: DocumentCode) -> str:
    return f"/verify/{code.code[:6]}-{code.code[6:12]}-{code.code[12:]}/"


def readings(pdf: bytes) -> list[str]:
    """The glyphs of the file in their order, as each of its fonts reads them."""
    drawn = contents(pdf).decode("latin-1")
    lines = re.findall(r"\[([^\]]*)\] ?TJ", drawn)
    glyphs = re.findall("....", "".join(re.findall("<([0-9a-f]+)>", "".join(lines))))
    tables = [dict(re.findall("<(....)> <(....)>", part)) for part in drawn.split("begincmap")[1:]]
    return ["".join(chr(int(table.get(glyph, "20"), 16)) for glyph in glyphs) for table in tables]


def released_with(order, value: str) -> LabResult:
    result = enter_result(order=order, finding=number(value), by=SYSTEM)
    return release_result(result=verify_result(result=result, by=technician()), by=technician())


def corrected(result: LabResult, value: str) -> LabResult:
    return correct_result(result=result, finding=number(value), reason="Exchanged", by=technician())


@pytest.mark.feature("C04")
def test_a_signed_prescription_has_a_code_that_ends_when_it_is_withdrawn(client, public, doctor, patient):
    visit_today(doctor, patient)
    signed = sign(write(patient, "cetirizine 10 hs 5d"))
    client.force_login(carer_of(patient))
    page = client.get(signed.get_absolute_url()).text
    before = public(signed.document)
    withdraw_prescription(prescription=signed, reason="Rash", by=doctor.user)

    after = public(signed.document)

    assert f"http://testserver{address(signed.document)}" in page
    assert "This document is genuine" in before
    assert doctor.full_name in before
    assert "Prescription" in before
    assert "This document has been withdrawn" in after
    assert DocumentCode.objects.count() == 1


@pytest.mark.feature("C06")
def test_the_results_of_a_sample_share_a_code_until_one_is_corrected(client, public, doctor, patient):
    sodium, potassium = ordered(doctor, "na", "k", patient=patient)
    collect_sample(orders=[sodium, potassium], by=SYSTEM)
    right, wrong = released_with(sodium, "140"), released_with(potassium, "5.0")
    other = released(doctor, "4.0", patient=patient)
    first = right.document
    correction = corrected(wrong, "4.0")
    during = [public(first), DocumentCode.objects.count()]

    release_result(result=verify_result(result=correction, by=SYSTEM), by=SYSTEM)

    correction.refresh_from_db()
    assert wrong.document == first != correction.document
    assert "This document has been replaced" in during[0]
    assert during[1] == 2
    assert "This document is genuine" in public(correction.document)
    assert "This document is genuine" in public(other.document)
    assert "Laboratory report" in public(other.document)


@pytest.mark.feature("C06")
def test_the_printed_report_bears_the_code_that_is_in_force_for_what_it_says(client, doctor, patient):
    sodium, potassium = ordered(doctor, "na", "k", patient=patient)
    collect_sample(orders=[sodium, potassium], by=SYSTEM)
    right, wrong = released_with(sodium, "140"), released_with(potassium, "5.0")
    for result in (right, wrong):
        acknowledge_result(result=result, by=doctor.user)
    client.force_login(carer_of(patient))
    page = f"{RESULTS}{right.reference}/print/"
    papers = [client.get(page)]
    correction = corrected(wrong, "4.0")
    papers.append(client.get(page))
    correction = release_result(result=verify_result(result=correction, by=SYSTEM), by=SYSTEM)
    papers.append(client.get(page))
    acknowledge_result(result=correction, by=doctor.user)
    papers.append(client.get(page))

    first, second = address(right.document), address(correction.document)
    assert [(first in paper.text, second in paper.text) for paper in papers] == [
        (True, False),
        (True, False),
        (True, False),
        (False, True),
    ]
    assert ["is correcting this report" in paper.text for paper in papers] == [False, True, True, False]
    assert "Potassium 4.0 mmol/L Corrected; it was 5.0 mmol/L." in text(papers[3])
    verifier = str(right.verified_by)
    for shown in ("Sunita Deshpande", doctor.registration_number, potassium.label, verifier):
        assert shown in text(papers[0])


def test_a_correction_before_the_release_replaces_nothing(doctor):
    correction = corrected(verified(doctor), "4.0")
    release_result(result=verify_result(result=correction, by=SYSTEM), by=SYSTEM)

    assert list(DocumentCode.objects.values_list("kind", "status")) == [("laboratory_report", "genuine")]


@pytest.mark.feature("C07")
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


@pytest.mark.feature("C07")
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
    assert f"{RESULTS}{elsewhere.reference}/" not in before
    assert prescription.get_absolute_url() not in after
    assert letter.get_absolute_url() in after


@pytest.mark.feature("C07")
@pytest.mark.parametrize("count", [1, 3])
def test_the_page_of_a_visit_costs_the_same_for_one_and_for_three(
    count, client, doctor, patient, django_assert_num_queries
):
    encounter = finished(doctor, patient)
    for line in ["cetirizine 10 hs 5d", "paracetamol 500 tds 3d", "amox 500 1-0-1 5d"][:count]:
        issue_certificate(appointment=encounter.appointment, **REFERRAL, by=doctor.user)
        sign(write(patient, line))
        acknowledged(doctor, patient=patient)
    LabOrder.objects.update(appointment=encounter.appointment)
    client.force_login(carer_of(patient))
    page = f"{VISITS}{encounter.reference}/"
    client.get(page)

    with django_assert_num_queries(VISIT_QUERIES):
        shown = client.get(page)

    assert [len(shown.context[name]) for name in ("prescriptions", "reports", "certificates")] == [count] * 3


@pytest.mark.parametrize("size", ["a4", "a5"])
def test_the_pdf_files_carry_the_qr_code_and_the_address(size, client, doctor, patient):
    encounter = finished(doctor, patient)
    result = acknowledged(doctor, patient=patient)
    client.force_login(carer_of(patient))
    pages = [f"{VISITS}{encounter.reference}", f"{RESULTS}{result.reference}"]

    answers = [client.get(f"{page}.pdf", {"size": size}) for page in pages]

    names = [f"visit-{encounter.appointment.reference}.pdf", f"laboratory-{result.order.label}.pdf"]
    assert [answer["Content-Disposition"] for answer in answers] == [
        f'attachment; filename="{name}"' for name in names
    ]
    for answer, code in zip(answers, [encounter.document, result.document], strict=True):
        assert any(f"http://testserver{address(code)}" in read for read in readings(answer.content))


def test_papers_do_not_exist_for_strangers_and_payers(client, doctor, patient):
    encounter, result = finished(doctor, patient), acknowledged(doctor, patient=patient)
    papers = [f"{VISITS}{encounter.reference}", f"{RESULTS}{result.reference}"]
    addresses = [f"{paper}{end}" for paper in papers for end in ("/print/", ".pdf")]
    others = [carer_of(patient, may_see_records=False), carer_of(PatientFactory()), staff("receptionist")]

    for other in others:
        client.force_login(other)
        assert [client.get(address).status_code for address in addresses] == [404] * 4
