"""Video visits keep the lists of the Telemedicine Practice Guidelines."""

from datetime import timedelta

import pytest

from clinical.exceptions import NotByVideo
from clinical.models import Medicine, Prescription
from clinical.services import sign_prescription
from scheduling.models import Appointment
from tests.clinical.prescribing import sign, write
from tests.clinical.rows import doctor_at_work, visit_today
from tests.factories import PatientFactory, at

pytestmark = [pytest.mark.django_db, pytest.mark.feature("C14")]
LINES = {
    "O": "paracetamol 500 tds 3d",
    "A": "metformin 500 bd 30d",
    "B": "sitagliptin 100 od 30d",
    "on none": "amoxicillin 500 tds 5d",
    "prohibited": "alprazolam 0.25 hs 3d",
    "unknown": "Dashmool bd",
}


@pytest.fixture
def doctor():
    return doctor_at_work()


@pytest.fixture
def patient():
    return PatientFactory(gender="male")


def earlier(doctor, patient, days: int, **fields) -> Appointment:
    fields = {"status": "completed", "starts_at": at(10, days=-days)} | fields
    return visit_today(doctor, patient, **fields)


def refused_by_video(doctor, patient) -> set[str]:
    """Which lists a video visit of now refuses; nothing refused is written."""
    visit_today(doctor, patient, mode="video")
    refused = set()
    for name, line in LINES.items():
        try:
            write(patient, line)
        except NotByVideo:
            refused.add(name)
    return refused


def test_the_formulary_has_an_example_of_each_list():
    lists = {
        name: Medicine.objects.get(pk=Medicine.objects.found(line.partition(" ")[0])[0].pk).telemedicine
        for name, line in LINES.items()
        if name != "unknown"
    }

    assert lists == {"O": "O", "A": "A", "B": "B", "on none": "", "prohibited": "prohibited"}


def test_a_first_video_visit_allows_lists_o_and_a(doctor, patient):
    assert refused_by_video(doctor, patient) == {"B", "on none", "prohibited", "unknown"}


def test_a_follow_up_within_six_months_allows_list_b_too(doctor, patient):
    earlier(doctor, patient, 180)

    assert refused_by_video(doctor, patient) == {"on none", "prohibited", "unknown"}


@pytest.mark.parametrize(
    "before",
    [
        {"days": 184},
        {"days": 30, "mode": "video"},
        {"days": 30, "status": "no_show"},
    ],
)
def test_other_earlier_visits_make_no_follow_up(before, doctor, patient):
    earlier(doctor, patient, **before)

    assert "B" in refused_by_video(doctor, patient)


def test_a_visit_to_another_department_makes_no_follow_up(doctor, patient):
    earlier(doctor_at_work(), patient, 30)

    assert "B" in refused_by_video(doctor, patient)


def test_what_was_prescribed_in_person_may_be_refilled_by_video(doctor, patient):
    visit = earlier(doctor, patient, 30)
    Appointment.objects.filter(pk=visit.pk).update(starts_at=visit.starts_at - timedelta(hours=1))
    sign(write(patient, LINES["on none"]))

    assert refused_by_video(doctor, patient) == {"prohibited", "unknown"}


def test_in_person_every_medicine_may_be_prescribed(doctor, patient):
    visit_today(doctor, patient)

    assert sign(write(patient, *LINES.values())).items.count() == len(LINES)


def test_a_draft_of_a_visit_that_became_a_video_visit_is_refused_at_signing(doctor, patient):
    visit = visit_today(doctor, patient)
    draft = write(patient, LINES["prohibited"])
    Appointment.objects.filter(pk=visit.pk).update(mode="video")

    with pytest.raises(NotByVideo):
        sign_prescription(prescription=draft, by=doctor.user)

    assert Prescription.objects.get().status == "draft"
