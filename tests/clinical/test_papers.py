"""Prescriptions and laboratory reports carry a code, and their public page is up to date."""

import re

import pytest

from clinical.exceptions import NotOneSample
from clinical.models import DocumentCode, LabResult
from clinical.services import (
    acknowledge_result,
    acknowledge_results,
    release_result,
    verify_result,
    withdraw_prescription,
)
from hms.core.rights import SYSTEM
from tests.clinical.lab_rows import (
    acknowledged,
    corrected,
    released,
    released_with,
    sampled,
    verified,
)
from tests.clinical.prescribing import sign, write
from tests.clinical.rows import address, finished, visit_today
from tests.core.test_pdf import contents
from tests.factories import PatientFactory, carer_of, staff
from tests.scheduling.pages import text

pytestmark = [pytest.mark.django_db, pytest.mark.feature("C11")]
RESULTS, VISITS = "/me/records/results/", "/me/records/visits/"


def readings(pdf: bytes) -> list[str]:
    """The glyphs of the file in their order, as each of its fonts reads them."""
    drawn = contents(pdf).decode("latin-1")
    lines = re.findall(r"\[([^\]]*)\] ?TJ", drawn)
    glyphs = re.findall("....", "".join(re.findall("<([0-9a-f]+)>", "".join(lines))))
    tables = [dict(re.findall("<(....)> <(....)>", part)) for part in drawn.split("begincmap")[1:]]
    return ["".join(chr(int(table.get(glyph, "20"), 16)) for glyph in glyphs) for table in tables]


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
    sodium, potassium = sampled(doctor, patient, "na", "k")
    right, wrong = released_with(sodium, "140"), released_with(potassium, "5.0")
    other = released(doctor, "4.0", patient=patient)
    first = right.document
    correction = corrected(wrong, "4.0")
    during = [public(first), DocumentCode.objects.count()]

    release_result(result=verify_result(result=correction, by=SYSTEM), by=SYSTEM)

    correction.refresh_from_db()
    assert wrong.document == first != correction.document
    assert "This document is genuine" in during[0]
    assert during[1] == 2
    assert "This document has been replaced" in public(first)
    assert "This document is genuine" in public(correction.document)
    assert "This document is genuine" in public(other.document)
    assert "Laboratory report" in public(other.document)


@pytest.mark.feature("C06")
def test_the_printed_report_bears_the_code_that_is_in_force_for_what_it_says(client, doctor, patient):
    sodium, potassium = sampled(doctor, patient, "na", "k")
    right, wrong = acknowledge_results(
        results=[released_with(sodium, "140"), released_with(potassium, "5.0")], by=doctor.user
    )
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


@pytest.mark.feature("C06")
def test_a_correction_replaces_the_code_under_which_its_report_may_be_printed(public, doctor, patient):
    """The code that the first correction brought is on paper when the second one is released."""
    sodium, potassium = sampled(doctor, patient, "na", "k")
    results = [released_with(sodium, "140"), released_with(potassium, "5.0")]
    acknowledge_results(results=results, by=doctor.user)
    codes = []
    for result, value in zip(results, ("138", "4.0"), strict=True):
        correction = verify_result(result=corrected(result, value), by=SYSTEM)
        correction = release_result(result=correction, by=SYSTEM)
        codes.append(acknowledge_result(result=correction, by=doctor.user).document)

    assert "This document has been replaced" in public(codes[0])
    assert "This document is genuine" in public(codes[1])


@pytest.mark.feature("C06")
def test_a_report_with_more_results_replaces_the_one_with_fewer(client, public, doctor, patient):
    sodium, potassium, chloride = sampled(doctor, patient, "na", "k", "cl")
    first = acknowledge_result(result=released_with(sodium, "140"), by=doctor.user)
    client.force_login(carer_of(patient))
    page = f"{RESULTS}{first.reference}/print/"
    few, code = client.get(page).text, first.document
    later = [released_with(potassium, "4.0"), released_with(chloride, "100")]
    waiting = public(code)

    acknowledge_results(results=later, by=doctor.user)

    many, latest = client.get(page).text, DocumentCode.objects.exclude(pk=code.pk).get()
    assert address(code) in few
    assert "This document is genuine" in waiting
    assert "This document has been replaced" in public(code)
    assert address(latest) in many
    assert "This document is genuine" in public(latest)
    assert ["Potassium" in paper for paper in (few, many)] == [False, True]
    assert {row.document for row in LabResult.objects.all()} == {latest}


@pytest.mark.feature("C06")
def test_results_of_two_samples_are_not_acknowledged_as_one_report(doctor, patient):
    results = [released(doctor, patient=patient), released(doctor, patient=patient)]

    with pytest.raises(NotOneSample):
        acknowledge_results(results=results, by=doctor.user)

    assert set(LabResult.objects.values_list("status", flat=True)) == {"released"}


def test_a_correction_before_the_release_replaces_nothing(doctor):
    correction = corrected(verified(doctor), "4.0")
    release_result(result=verify_result(result=correction, by=SYSTEM), by=SYSTEM)

    assert list(DocumentCode.objects.values_list("kind", "status")) == [("laboratory_report", "genuine")]


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
