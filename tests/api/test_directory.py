from decimal import Decimal

import pytest

from accounts.models import Language
from scheduling.models import Department, Doctor, WeeklySchedule
from scheduling.services import book_appointment
from tests.api.calls import Caller, told
from tests.factories import (
    DepartmentFactory,
    DoctorFactory,
    PatientFactory,
    ScheduleExceptionFactory,
    SpecializationFactory,
    at,
    carer_of,
    doctor_with_hours,
    staff,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sunday_noon"), pytest.mark.feature("I01")]

CARDIOLOGY = {"name": "Cardiology", "opens_at": "08:00", "closes_at": "20:00"}
ASHA = {
    "full_name": "Dr Asha Rao",
    "registration_number": "KMC-1",
    "registration_expires_on": "2099-12-31",
    "specialization": "Cardiology",
    "category": "consultant",
    "degree": "MBBS",
    "practising_since": 2005,
    "fee": "500.00",
}


@pytest.fixture
def nobody():
    return Caller()


@pytest.fixture
def admin():
    return Caller(staff("administrator"))


def test_a_department_is_added_changed_closed_and_deleted(admin, nobody):
    added = admin.post("departments/", CARDIOLOGY)
    path = "departments/cardiology/"
    changed = admin.patch(path, {"closes_at": "18:30"})
    replaced = admin.put(path, CARDIOLOGY | {"name": "Heart centre"})
    admin.patch(path, {"is_active": False})

    assert (added.status_code, added.json()["ref"]) == (201, "cardiology")
    assert (changed.json()["opens_at"], changed.json()["closes_at"]) == ("08:00", "18:30")
    assert replaced.json()["name"] == "Heart centre"
    assert nobody.get("departments/").json()["results"] == []
    assert told(nobody.get(path)) == (404, "not_found")
    assert admin.get(path).json()["is_active"] is False
    assert admin.delete(path).status_code == 204
    assert not Department.objects.exists()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"closes_at": "08:00"}, "closes_at"),
        ({"closes_at": "07:00"}, "closes_at"),
        ({"opens_at": "8 o'clock"}, "opens_at"),
        ({"opens_at": "08:03"}, "opens_at"),
        ({"opens_at": "25:00"}, "opens_at"),
        ({"name": ""}, "name"),
    ],
)
def test_what_is_wrong_with_a_department_is_said_at_its_field(admin, change, field):
    answer = admin.post("departments/", CARDIOLOGY | change)

    assert (told(answer), list(answer.json()["errors"])) == ((400, "invalid"), [field])


def test_a_department_in_use_is_not_deleted(admin):
    doctor = DoctorFactory()

    assert told(admin.delete(f"departments/{doctor.department.slug}/")) == (409, "in_use")


def test_two_departments_have_two_addresses(admin):
    refs = {
        admin.post("departments/", CARDIOLOGY | {"name": name}).json()["ref"]
        for name in ("Eye", "EYE!", "नेत्र", "कान")
    }

    assert len(refs) == 4


def test_a_doctor_is_added_to_a_department_and_changed(admin, nobody):
    Language.objects.create(code="zz", name="Zulu")
    SpecializationFactory()
    department = DepartmentFactory()

    added = admin.post(f"departments/{department.slug}/doctors/", ASHA | {"languages": ["zz"]})
    path = f"doctors/{added.json()['ref']}/"
    changed = admin.patch(path, {"fee": "650.00"})

    assert added.status_code == 201
    assert (added.json()["department"]["ref"], added.json()["languages"]) == (department.slug, ["zz"])
    assert changed.json() == added.json() | {"fee": "650.00"}
    assert nobody.get(path).json() == changed.json()
    assert Doctor.objects.get().fee == Decimal("650.00")
    assert told(admin.post("departments/nowhere/doctors/", ASHA)) == (404, "not_found")


def test_a_broken_rule_is_named_at_its_field_in_words(admin):
    answer = admin.patch(f"doctors/{doctor_with_hours().reference}/", {"fee": "-1"})

    assert answer.json()["errors"] == {
        "fee": [{"code": "invalid", "message": "This must hold: doctor fee is not negative."}]
    }


@pytest.mark.parametrize("year", [0, 1929, 2027, 32767, 99999])
def test_nobody_practises_since_a_year_that_cannot_be(admin, year):
    answer = admin.patch(f"doctors/{doctor_with_hours().reference}/", {"practising_since": year})

    assert (told(answer), list(answer.json()["errors"])) == ((400, "invalid"), ["practising_since"])
    assert Doctor.objects.get().practising_since == 2005


def test_a_deleted_doctor_is_closed_and_history_stays(admin, nobody):
    doctor = doctor_with_hours()

    assert admin.delete(f"doctors/{doctor.reference}/").status_code == 204

    doctor.refresh_from_db()
    assert doctor.is_active is False
    assert told(nobody.get(f"doctors/{doctor.reference}/")) == (404, "not_found")
    assert told(nobody.get(f"doctors/{doctor.reference}/slots/")) == (404, "not_found")
    assert admin.get(f"doctors/{doctor.reference}/").status_code == 200


def test_what_puts_bookings_outside_hours_must_be_confirmed_for_exactly_these(admin):
    doctor = doctor_with_hours()
    patient = PatientFactory()
    visit = book_appointment(patient=patient, doctor=doctor, starts_at=at(9), by=carer_of(patient))
    path = f"doctors/{doctor.reference}/"

    refused = admin.delete(path)
    wrong = admin.delete(f"{path}?confirm=x")
    doctor.refresh_from_db()
    was_open = doctor.is_active
    done = admin.delete(f"{path}?confirm={refused.json()['confirm']}")

    assert told(refused) == told(wrong) == (409, "puts_outside_hours")
    assert refused.json()["bookings"] == [visit.reference]
    assert (was_open, done.status_code) == (True, 204)


def test_the_list_has_the_filters_of_the_page(nobody):
    Language.objects.create(code="zz", name="Zulu")
    asha = doctor_with_hours(full_name="Dr Asha Rao", fee=Decimal(800), gender="female")
    skin = SpecializationFactory(name="Skin")
    ravi = doctor_with_hours(full_name="Dr Ravi", specialization=skin, fee=Decimal(300))
    ravi.languages.add(Language.objects.get(code="zz"))
    WeeklySchedule.objects.filter(doctor=ravi).update(mode="video")
    ScheduleExceptionFactory(doctor=ravi, starts_at=at(0), ends_at=at(23))
    DoctorFactory(full_name="Dr Closed", is_active=False)

    def names(query: str) -> list[str]:
        return [row["full_name"] for row in nobody.get(f"doctors/?{query}").json()["results"]]

    assert names("") == names("ordering=name") == ["Dr Asha Rao", "Dr Ravi"]
    assert names("ordering=fee") == ["Dr Ravi", "Dr Asha Rao"]
    assert names("q=asha") == names("max_fee=800&gender=female") == ["Dr Asha Rao"]
    assert (
        names(f"department={asha.department.slug}") == names("specialization=Cardiology") == ["Dr Asha Rao"]
    )
    assert names("language=zz") == names("mode=video") == ["Dr Ravi"]
    assert names("available_on=2026-11-23") == ["Dr Asha Rao"]
    assert names("available_on=2026-11-24&mode=video") == ["Dr Ravi"]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("available_on=2026-13-01", "available_on"),
        ("available_on=2020-01-01", "available_on"),
        ("max_fee=-1", "max_fee"),
        ("max_fee=NaN", "max_fee"),
        ("department=nowhere", "department"),
        ("ordering=rank", "ordering"),
        ("mode=dream", "mode"),
    ],
)
def test_a_filter_that_is_not_valid_is_named(nobody, query, field):
    answer = nobody.get(f"doctors/?{query}")

    assert (told(answer), list(answer.json()["errors"])) == ((400, "invalid"), [field])


@pytest.mark.parametrize(("path", "queries"), [("departments/", 2), ("doctors/", 7)])
@pytest.mark.parametrize("rows", [1, 3])
def test_public_lists_take_the_same_queries(nobody, path, queries, rows, django_assert_num_queries):
    for _row in range(rows):
        doctor_with_hours()

    with django_assert_num_queries(queries):
        assert len(nobody.get(path).json()["results"]) == rows


def test_public_lists_are_not_sent_again_if_they_have_not_changed(nobody):
    doctor_with_hours()
    first = nobody.get("doctors/")

    again = nobody.get("doctors/", If_None_Match=first["ETag"])

    assert (again.status_code, again.content) == (304, b"")
    assert first["Cache-Control"] == "no-cache"


ALL = ["receptionist", "doctor", "nurse", "lab_technician", "billing_clerk", "auditor"]


@pytest.mark.parametrize("role", [*ALL, None])
def test_only_administrators_change_the_directory(role):
    doctor = doctor_with_hours()
    shift = doctor.schedules.first().pk
    call = Caller(staff(role) if role else carer_of(PatientFactory()))
    of_doctor, of_department = f"doctors/{doctor.reference}/", f"departments/{doctor.department.slug}/"

    answers = [
        call.post("departments/", CARDIOLOGY),
        call.put(of_department, CARDIOLOGY),
        call.patch(of_department, {}),
        call.delete(of_department),
        call.post(f"{of_department}doctors/", ASHA),
        call.put(of_doctor, ASHA),
        call.patch(of_doctor, {}),
        call.delete(of_doctor),
        call.get(f"{of_doctor}schedules/"),
        call.post(f"{of_doctor}schedules/", {}),
        call.delete(f"{of_doctor}schedules/{shift}/"),
        call.get(f"{of_doctor}exceptions/"),
        call.post(f"{of_doctor}exceptions/", {}),
    ]

    assert {told(answer) for answer in answers} == {(403, "permission_denied")}
    assert told(Caller().post("departments/", CARDIOLOGY)) == (401, "not_authenticated")
