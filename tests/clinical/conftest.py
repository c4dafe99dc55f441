"""What a test may attach or issue, for the `patient`, the `doctor` and the `visit` of its file."""

from datetime import timedelta

import pytest
from django.utils import timezone

from clinical.models import Attachment, Certificate
from clinical.services import attach_file, issue_certificate
from tests.clinical.lab_rows import technician
from tests.clinical.uploads import PDF, upload


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
