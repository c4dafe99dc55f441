"""Certificates are issued by the doctor of a visit about days near it, replaced and withdrawn."""

from datetime import date, timedelta

import pytest
import time_machine
from django.db import transaction

from clinical.certificates import refusals
from clinical.exceptions import NotTreating, ReasonMissing, SignedIsFinal
from clinical.models import Certificate, DocumentCode
from clinical.services import withdraw_certificate
from hms.core.refusals import NotAllowed
from hms.core.states import StepRefused
from scheduling.models import Doctor
from scheduling.services import book_appointment
from tests.clinical.rows import REFERRAL, visit_of
from tests.factories import NurseFactory, PatientFactory, at, carer_of, doctor_with_hours, staff
from tests.scheduling.pages import text

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.feature("C18"),
    pytest.mark.usefixtures("wednesday_morning"),
]
LIST = "/me/records/certificates/"
TODAY = date(2026, 6, 10)


def letter(issue, **changes) -> Certificate:
    return issue(**REFERRAL, from_on=None, to_on=None, identification_mark="", **changes)


def test_numbers_follow_each_other_in_each_series_and_year(issue):
    first = [
        issue().number,
        issue(kind="fitness", to_on=None).number,
        issue(text="Rest.").number,
        letter(issue).number,
    ]
    with time_machine.travel("2027-01-01 10:00Z", tick=False), pytest.raises(refusals.VisitTooLongAgo):
        issue()

    assert first == ["SN/2026/000001", "FC/2026/000001", "SN/2026/000002", "RL/2026/000001"]


def test_a_refused_certificate_leaves_no_gap(issue):
    with transaction.atomic():
        issue()
        transaction.set_rollback(True)

    assert issue().number == "SN/2026/000001"


def test_everything_printed_is_copied_and_never_changes(issue, patient, doctor):
    certificate = issue()
    patient.full_name, doctor.degree = "Other Name", "MBBS"
    patient.save()
    doctor.save()

    certificate.refresh_from_db()

    assert certificate.frozen["patient"] == {
        "name": "Sunita Deshpande",
        "mrn": patient.mrn,
        "age": "42 years",
        "sex": "Female",
        "address": ["1 Lake Road", "Pune", "India"],
        "mark": "Mole on the left cheek",
    }
    assert certificate.frozen["letterhead"]["doctor"] == {
        "name": "Dr. Asha Rao",
        "qualification": "MBBS, MD",
        "designation": "Consultant, Cardiology",
        "registration": "KMC-777",
        "council": "",
    }
    assert certificate.frozen["statement"] == (
        "The patient named above was examined on 10 June 2026 and is not fit for work or school from "
        "10 June 2026 to 12 June 2026, both days included (3 days)."
    )


@pytest.mark.feature("C18")
def test_the_same_form_sent_twice_issues_one_document(issue):
    first, second = issue(), issue()

    assert (first, Certificate.objects.count()) == (second, 1)


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"from_on": None}, refusals.PeriodMissing),
        ({"to_on": None}, refusals.PeriodMissing),
        ({"to_on": TODAY - timedelta(days=1)}, refusals.PeriodReversed),
        ({"to_on": TODAY + timedelta(days=180)}, refusals.PeriodTooLong),
        ({"from_on": TODAY - timedelta(days=4)}, refusals.Backdated),
        ({"from_on": TODAY + timedelta(days=31), "to_on": TODAY + timedelta(days=32)}, refusals.TooFarAhead),
        ({"identification_mark": " "}, refusals.MarkMissing),
        ({"kind": "fitness"}, refusals.PeriodNotWanted),
        ({"kind": "fitness", "from_on": None, "to_on": None}, refusals.PeriodMissing),
        ({"kind": "referral"}, refusals.PeriodNotWanted),
    ],
)
def test_days_that_cannot_be_certified_are_refused(changes, refusal, issue):
    with pytest.raises(refusal):
        issue(**changes)

    assert (Certificate.objects.count(), DocumentCode.objects.count()) == (0, 0)


@pytest.mark.parametrize("days", [(-3, 0), (0, 0), (0, 179), (30, 30)])
def test_days_at_the_limits_are_accepted(days, issue):
    first, last = (TODAY + timedelta(days=number) for number in days)

    assert issue(from_on=first, to_on=last).from_on == first


def test_only_the_doctor_of_the_visit_issues_a_certificate(issue, patient, doctor):
    colleague = doctor_with_hours(user=staff("doctor"))
    visit_of(patient, colleague, hour=11)
    nurse = NurseFactory(user=staff("nurse"))
    nurse.doctors.add(doctor)

    with pytest.raises(refusals.NotTheVisitsDoctor):
        issue(by=colleague.user)
    for by in (nurse.user, staff("receptionist"), staff("administrator"), carer_of(patient)):
        with pytest.raises(NotAllowed):
            issue(by=by)
    with pytest.raises(NotTreating):
        issue(by=staff("doctor"))


def test_a_registration_that_is_not_in_force_is_refused(issue, doctor):
    Doctor.objects.filter(pk=doctor.pk).update(registration_expires_on=TODAY - timedelta(days=1))

    with pytest.raises(refusals.RegistrationMissing):
        issue()

    Doctor.objects.filter(pk=doctor.pk).update(registration_expires_on=TODAY)
    assert issue().number == "SN/2026/000001"


def test_a_certificate_needs_a_visit_that_has_begun_and_is_recent(issue, doctor):
    booked = book_appointment(
        patient=PatientFactory(), doctor=doctor, starts_at=at(11, days=0), by=staff("receptionist")
    )

    with pytest.raises(refusals.NotSeenYet):
        issue(appointment=booked)
    with time_machine.travel(at(9, days=30), tick=False):
        assert issue().frozen["issued_on"] == "10 July 2026"
    with time_machine.travel(at(9, days=31), tick=False), pytest.raises(refusals.VisitTooLongAgo):
        issue()


def test_withdrawing_is_seen_on_the_page_the_paper_and_the_public_page(client, issue, doctor, patient):
    certificate = issue()
    public = f"/verify/{certificate.document.code}/"
    with pytest.raises(ReasonMissing):
        withdraw_certificate(certificate=certificate, reason="", by=doctor.user)

    withdraw_certificate(certificate=certificate, reason="Entered for a brother", by=doctor.user)

    assert "This document has been withdrawn" in client.get(public).text
    client.force_login(carer_of(patient))
    page = text(client.get(f"{LIST}{certificate.reference}/"))
    assert "Withdrawn on 10 June 2026, no longer in force" in page
    assert "Entered for a brother" not in page
    with pytest.raises(StepRefused):
        withdraw_certificate(certificate=certificate, reason="Again", by=doctor.user)


def test_a_certificate_is_replaced_by_a_later_one(client, issue, patient):
    old = issue()

    new = issue(text="Rest in bed.", replaces=old)

    old.refresh_from_db()
    assert (old.status, old.document.status, new.replaces) == ("replaced", "replaced", old)
    assert "This document has been replaced" in client.get(f"/verify/{old.document.code}/").text
    client.force_login(carer_of(patient))
    page = text(client.get(f"{LIST}{old.reference}/"))
    assert f"Replaced on 10 June 2026 by {new.number}" in page
    with pytest.raises(StepRefused):
        issue(replaces=old)


def test_only_a_document_of_the_same_patient_and_kind_is_replaced(issue, doctor):
    others = issue(appointment=visit_of(PatientFactory(), doctor, hour=10))

    for old, changes in ((others, {}), (letter(issue), {})):
        with pytest.raises(refusals.OtherPatientsCertificate):
            issue(replaces=old, **changes)


@pytest.mark.parametrize(
    "change",
    [
        lambda row: Certificate.objects.filter(pk=row.pk).update(text="Other"),
        lambda row: row.delete(),
        lambda row: setattr(row, "frozen", {}) or row.save(),
        lambda row: setattr(row, "to_on", TODAY) or Certificate.objects.bulk_update([row], ["to_on"]),
    ],
    ids=["update", "delete", "save", "bulk_update"],
)
def test_what_was_issued_never_changes(change, issue):
    certificate = issue()

    with pytest.raises(SignedIsFinal), transaction.atomic():
        change(certificate)

    assert Certificate.objects.values_list("text", "to_on").get() == (
        "Rest at home.",
        TODAY + timedelta(days=2),
    )
