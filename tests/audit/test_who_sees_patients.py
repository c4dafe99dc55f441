"""What decides who sees which patients, when and at what fee is logged; changes by SQL are found."""

from datetime import date, time
from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.models import Language
from audit.reading.diff import Line
from billing.models import BillingProfile
from hms.site.who_accessed import entries_about
from scheduling.models import Department, Doctor
from scheduling.services import save_exception, save_weekly_schedule
from scheduling.services.directory import save_branch, save_department, save_doctor
from tests.factories import (
    BranchFactory,
    DepartmentFactory,
    DoctorFactory,
    NurseFactory,
    PatientFactory,
    ScheduleExceptionFactory,
    UserFactory,
    WeeklyScheduleFactory,
    staff,
)
from tests.opened import opened
from tests.scheduling.admin_day import change_page

pytestmark = [pytest.mark.django_db, pytest.mark.feature("U07")]


@pytest.fixture
def administrator():
    return staff("administrator", full_name="Meera Admin")


@pytest.fixture
def doctor():
    return DoctorFactory(full_name="Dr Asha Rao", user=UserFactory(email="asha@example.org"))


@pytest.fixture
def nurse(doctor):
    nurse = NurseFactory(full_name="Nurse Tara", user=UserFactory(email="tara@example.org"))
    nurse.doctors.add(doctor)
    return nurse


def entry(log) -> tuple:
    event = log.event()
    return event.action, event.model, event.object_repr, event.changes, event.patient_id


def test_a_nurse_given_a_doctor_in_the_admin_is_a_change_of_rights(log, client, nurse, doctor, administrator):
    other = DoctorFactory(full_name="Dr Vikram Pai")
    client.force_login(administrator)
    form = opened(client, change_page(nurse)) | {"doctors": [doctor.pk, other.pk]}
    log.forget()

    response = client.post(change_page(nurse), form)

    assert response.status_code == 302
    changes = {"doctors": [[doctor.pk], [doctor.pk, other.pk]]}
    assert entry(log) == ("permission_change", "scheduling.nurse", "Nurse Tara", changes, None)
    assert log.event().details == {"added": ["Dr Vikram Pai"], "removed": []}
    assert log.event().actor_id == administrator.pk


def test_a_doctor_taken_from_a_nurse_is_a_change_of_rights(log, nurse, doctor):
    log.forget()

    doctor.nurses.remove(nurse)

    changes = {"doctors": [[doctor.pk], []]}
    assert entry(log) == ("permission_change", "scheduling.nurse", "Nurse Tara", changes, None)
    assert log.event().details == {"added": [], "removed": ["Dr Asha Rao"]}


def test_another_login_of_a_doctor_is_a_change_of_rights(log, doctor, administrator):
    old, new = doctor.user, UserFactory(email="vikram@example.org")
    log.forget()

    doctor.user = new
    save_doctor(doctor=doctor, by=administrator)

    changes = {"user": [old.pk, new.pk]}
    assert entry(log) == ("permission_change", "scheduling.doctor", "Dr Asha Rao", changes, None)
    assert log.event().details == {"added": ["vikram@example.org"], "removed": ["asha@example.org"]}


def test_a_nurse_who_loses_the_login_is_a_change_of_rights(log, nurse):
    log.forget()

    type(nurse).objects.filter(pk=nurse.pk).update(user=None)

    changes = {"user": [nurse.user_id, None]}
    assert entry(log) == ("permission_change", "scheduling.nurse", "Nurse Tara", changes, None)
    assert log.event().details == {"added": [], "removed": ["tara@example.org"]}


def test_a_new_fee_is_logged(log, doctor, administrator):
    log.forget()

    doctor.fee = Decimal("750")
    save_doctor(doctor=doctor, by=administrator)

    changes = {"fee": ["500.00", "750.00"]}
    assert entry(log) == ("update", "scheduling.doctor", "Dr Asha Rao", changes, None)


def test_a_language_of_a_doctor_is_logged(log, doctor):
    kannada = Language.objects.create(code="kn", name="Kannada")
    log.forget()

    doctor.languages.add(kannada)

    changes = {"languages": [[], [kannada.pk]]}
    assert entry(log) == ("update", "scheduling.doctor", "Dr Asha Rao", changes, None)


def test_a_shift_that_is_moved_is_logged(log, administrator):
    shift = WeeklyScheduleFactory(starts_at=time(9), ends_at=time(12))
    log.forget()

    shift.starts_at, shift.valid_until = time(10), date(2099, 1, 1)
    save_weekly_schedule(schedule=shift, by=administrator)

    changes = {"starts_at": ["09:00:00", "10:00:00"], "valid_until": [None, "2099-01-01"]}
    assert entry(log) == ("update", "scheduling.weeklyschedule", str(shift.pk), changes, None)


def test_leave_that_is_entered_and_dropped_is_logged(log, doctor, administrator):
    leave = ScheduleExceptionFactory.build(doctor=doctor, reason="Conference")
    log.forget()

    save_exception(exception=leave, by=administrator)
    leave.delete()

    assert [(event.action, event.changes["doctor"]) for event in log.events()] == [
        ("create", [None, doctor.pk]),
        ("delete", [doctor.pk, None]),
    ]


def test_hours_of_a_department_and_the_closing_of_a_branch_are_logged(log, administrator):
    department, branch = DepartmentFactory(), BranchFactory()
    log.forget()

    department.closes_at = time(18)
    save_department(department=department, by=administrator)
    branch.is_active = False
    save_branch(branch=branch, by=administrator)

    assert [(event.model, event.object_repr, event.changes) for event in log.events()] == [
        ("scheduling.department", department.name, {"closes_at": ["20:00:00", "18:00:00"]}),
        ("scheduling.branch", branch.name, {"is_active": [True, False]}),
    ]


def test_the_log_page_names_the_kind_and_what_came_and_went(log, desk, nurse):
    log.forget()
    nurse.doctors.add(DoctorFactory(full_name="Dr Vikram Pai"))
    event = log.events()[-1]

    listed = desk.get(reverse("admin:audit_auditevent_changelist"), {"model": "scheduling.nurse"})
    page = desk.get(reverse("admin:audit_auditevent_change", args=[event.pk]))

    kinds = {spec.title: [label for _value, label in spec.lookup_choices] for spec in filters_of(listed)}
    assert {"Weekly schedule", "Schedule exception", "Doctor", "Nurse"} <= set(kinds["kind of record"])
    assert "Changed rights" in listed.text
    assert page.context["title"] == "Changed rights: nurse Nurse Tara"
    assert page.context["lines"] == [Line("Works with", "—", "Dr Vikram Pai")]
    assert page.context["details"] == []


def test_the_history_of_a_nurse_tells_which_doctors_were_given_and_taken(client, nurse, doctor):
    nurse.doctors.remove(doctor)
    client.force_login(staff("administrator"))

    response = client.get(change_page(nurse).replace("/change/", "/history/"))

    lines = [line.changes for line in response.context["lines"]]
    assert lines[:2] == [[Line("Works with", "Dr Asha Rao", "—")], [Line("Works with", "—", "Dr Asha Rao")]]


def test_patients_are_not_shown_what_concerns_no_patient(nurse, doctor):
    patient = PatientFactory()
    doctor.fee = 1
    doctor.save()

    assert {entry["model"] for entry in entries_about(patient)} == {"accounts.patient"}


def filters_of(response) -> list:
    return [spec for spec in response.context["cl"].filter_specs if hasattr(spec, "lookup_choices")]


def test_what_was_changed_by_sql_is_named_with_its_columns(findings, sql, nurse, doctor):
    shift = WeeklyScheduleFactory(doctor=doctor)
    other = DoctorFactory(department=doctor.department)
    profile = BillingProfile.objects.get()
    before = profile.service_charge
    assert findings() == []

    sql("UPDATE scheduling_doctor SET fee = 1 WHERE id = %s", doctor.pk)
    sql("UPDATE scheduling_weeklyschedule SET capacity = 9 WHERE id = %s", shift.pk)
    sql("UPDATE scheduling_nurse SET user_id = NULL WHERE id = %s", nurse.pk)
    sql("INSERT INTO scheduling_nurse_doctors (nurse_id, doctor_id) VALUES (%s, %s)", nurse.pk, other.pk)
    sql("UPDATE billing_billingprofile SET service_charge = 7 WHERE id = %s", profile.pk)

    found = {(one["kind"], one["model"], one["object_pk"]): one["changes"] for one in findings()}
    assert found == {
        ("changed_row", "scheduling.doctor", str(doctor.pk)): {"fee": ["500.00", "1.00"]},
        ("changed_row", "scheduling.weeklyschedule", str(shift.pk)): {"capacity": [1, 9]},
        ("changed_row", "scheduling.nurse", str(nurse.pk)): {
            "user": [nurse.user_id, None],
            "doctors": [[doctor.pk], [doctor.pk, other.pk]],
        },
        ("changed_row", "billing.billingprofile", str(profile.pk)): {
            "service_charge": [f"{before:.2f}", "7.00"]
        },
    }


def test_a_link_and_rows_that_were_dropped_by_sql_are_named(findings, sql, nurse):
    leave = ScheduleExceptionFactory()
    department = DepartmentFactory()

    sql("DELETE FROM scheduling_nurse_doctors WHERE nurse_id = %s", nurse.pk)
    sql("DELETE FROM scheduling_scheduleexception WHERE id = %s", leave.pk)
    sql("DELETE FROM scheduling_department WHERE id = %s", department.pk)

    found = {(one["kind"], one["model"], one["object_pk"]) for one in findings()}
    assert found == {
        ("changed_row", "scheduling.nurse", str(nurse.pk)),
        ("deleted_row", "scheduling.scheduleexception", str(leave.pk)),
        ("deleted_row", "scheduling.department", str(department.pk)),
    }


def test_what_a_deleted_doctor_leaves_behind_is_in_order(findings, doctor, nurse):
    department = Department.objects.get(pk=doctor.department_id)
    Doctor.objects.filter(pk=doctor.pk).delete()
    nurse.delete()
    department.delete()

    assert findings() == []
