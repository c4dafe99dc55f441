"""Only people with a guardianship act for a patient; members of staff who open the same pages do not."""

from datetime import UTC, datetime

import pytest

from audit.capture.context import audit_context
from audit.capture.reads import log_reads, noted_reads
from tests.factories import GuardianshipFactory, staff

pytestmark = [pytest.mark.django_db, pytest.mark.feature("U06"), pytest.mark.usefixtures("sunday_noon")]


def test_staff_who_open_a_patients_page_are_named_with_their_role(client, patient, carer):
    """Only those who have a guardianship, or had one, act for the patient."""
    ravi = staff("receptionist", full_name="Ravi Desk")
    sister = staff("nurse", full_name="Nisha Rao")
    GuardianshipFactory(user=sister, patient=patient, revoked_at=datetime(2026, 11, 1, tzinfo=UTC))
    for person in (ravi, sister):
        with audit_context(actor=person, source="page"), noted_reads() as seen:
            list(type(patient).objects.filter(pk=patient.pk).visible_to(ravi))
            log_reads(seen)

    client.force_login(carer)
    response = client.get("/me/records/access/?show=others")

    found = {
        line.description.who: (line.description.roles, line.description.why)
        for day in response.context["days"]
        for line in day.lines
    }
    assert found["Nisha Rao"] == ("", "Acts for this patient.")
    assert found["Ravi Desk"] == (
        "Receptionist", "The front desk books, checks people in and takes payments.",
    )  # fmt: skip
