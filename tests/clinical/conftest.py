"""Doctors, a patient and a visit, unless a file has its own, and what a test may do with them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from clinical.letterhead import check_of
from clinical.models import Attachment, Certificate, DocumentCode
from clinical.services import attach_file, issue_certificate
from tests.clinical.lab_rows import technician
from tests.clinical.rows import patient_of, visit_of
from tests.clinical.uploads import PDF, upload
from tests.factories import doctor_with_hours, staff
from tests.scheduling.pages import text


@pytest.fixture
def doctor():
    return doctor_with_hours(
        user=staff("doctor"), full_name="Dr. Asha Rao", registration_number="KMC-777", degree="MBBS, MD"
    )


@pytest.fixture
def colleague(doctor):
    return doctor_with_hours(user=staff("doctor"), department=doctor.department)


@pytest.fixture
def head(doctor):
    """Heads the department of the doctor."""
    head = doctor_with_hours(user=staff("doctor"), department=doctor.department)
    head.department.head = head
    head.department.save()
    return head


@pytest.fixture
def patient(doctor):
    return patient_of(doctor, full_name="Sunita Deshpande", street="1 Lake Road", city="Pune")


@pytest.fixture
def visit(patient, doctor):
    return visit_of(patient, doctor)


@pytest.fixture
def attach(patient, doctor):
    def attached(content=PDF, name="report.pdf", **fields) -> Attachment:
        facts = {"patient": patient, "title": "Blood test", "kind": "report", "by": doctor.user} | fields
        return attach_file(upload=upload(content, name), **facts)

    return attached


@pytest.fixture
def issue(visit, doctor):
    def issued(**changes) -> Certificate:
        facts = {
            "appointment": visit,
            "kind": "sick_note",
            "from_on": timezone.localdate(),
            "to_on": timezone.localdate() + timedelta(days=2),
            "text": "Rest at home.",
            "identification_mark": "Mole on the left cheek",
            "by": doctor.user,
        }
        return issue_certificate(**facts | changes)

    return issued


@pytest.fixture
def lab(client):
    user = technician()
    client.force_login(user)
    return user


@pytest.fixture
def public(client, rf):
    """What anybody reads about a document; nothing about the patient is on it."""

    def read(code: DocumentCode) -> str:
        answer = client.get(check_of(rf.get("/"), code).address)
        for secret in ("Sunita", "Deshpande", code.patient.mrn, "Potassium", "Cetirizine", "Flu"):
            assert secret.lower() not in answer.text.lower()
        return text(answer)

    return read
