"""Two people edit one appointment, doctor or nurse: nobody overwrites changes they have not seen."""

import pytest

from hms.core.rights import SYSTEM
from scheduling.models import Doctor, WeeklySchedule
from scheduling.services import edit_symptoms, reschedule_appointment
from tests.factories import DoctorFactory, NurseFactory, WeeklyScheduleFactory, at, carer_of, staff
from tests.opened import boxes_of, opened
from tests.scheduling.admin_day import change_page, doctor_with_login, page, visit

pytestmark = [pytest.mark.django_db, pytest.mark.feature("A06")]
ALLERGY = "ALLERGIC TO PENICILLIN"


def shown(answer) -> list[tuple]:
    differences = answer.context["conflict"].differences
    return [(one.label, one.saved, one.entered, one.is_typed) for one in differences]


# --- the patient's pages


@pytest.mark.usefixtures("sunday_noon")
class TestOwnPages:
    def test_an_allergy_added_meanwhile_is_not_lost(self, client, patient, booked, client_of):
        page = f"/me/appointments/{booked.reference}/symptoms/"
        mother = client_of(carer_of(patient))
        old = opened(client, page)
        mother.post(page, opened(mother, page) | {"symptoms": f"Cough. {ALLERGY}"})

        answer = client.post(page, old | {"symptoms": "Cough since Monday"})

        booked.refresh_from_db()
        assert (answer.status_code, booked.symptoms) == (409, f"Cough. {ALLERGY}")
        assert shown(answer) == [
            ("What it is about", f"Cough. {ALLERGY}", "Cough since Monday", True),
        ]
        assert boxes_of(answer)["symptoms"] == ["Cough since Monday"]

    def test_a_person_who_has_seen_both_values_may_overwrite(self, client, booked, patient):
        page = f"/me/appointments/{booked.reference}/symptoms/"
        old = opened(client, page)
        edit_symptoms(appointment=booked, symptoms=ALLERGY, by=carer_of(patient))
        conflict = client.post(page, old | {"symptoms": "Cough"})

        answer = client.post(page, boxes_of(conflict) | {"symptoms": f"Cough. {ALLERGY}"})

        booked.refresh_from_db()
        assert (answer.status_code, booked.symptoms) == (302, f"Cough. {ALLERGY}")

    def test_an_appointment_that_was_moved_is_not_cancelled_by_an_old_page(self, client, booked):
        page = f"/me/appointments/{booked.reference}/cancel/"
        old = opened(client, page)
        reschedule_appointment(appointment=booked, starts_at=at(10), by=SYSTEM)

        refused = client.post(page, old)
        booked.refresh_from_db()
        before = booked.status
        cancelled = client.post(page, boxes_of(refused))

        booked.refresh_from_db()
        assert (refused.status_code, before) == (409, "booked")
        assert shown(refused) == [("Starts at", "23 Nov 2026, 10:00 AM", "", False)]
        assert (cancelled.status_code, booked.status) == (302, "cancelled")

    def test_an_appointment_that_was_moved_is_not_moved_by_an_old_page(self, client, booked):
        page = f"/me/appointments/{booked.reference}/reschedule/"
        old = opened(client, f"{page}?at=20261123T0930Z")
        reschedule_appointment(appointment=booked, starts_at=at(11), by=SYSTEM)

        answer = client.post(page, old)

        booked.refresh_from_db()
        assert (answer.status_code, booked.starts_at) == (409, at(11))
        assert "somebody changed this while you had it open" in answer.text


# --- the staff site


@pytest.mark.usefixtures("wednesday_morning", "desk")
class TestDesk:
    @pytest.mark.parametrize("name", ["cancel", "reschedule"])
    def test_the_desk_does_not_act_on_an_outdated_time(self, client, appointment, name):
        address = page(f"scheduling_appointment_{name}", appointment.pk)
        old = opened(client, address)
        reschedule_appointment(appointment=appointment, starts_at=at(11, days=1), by=SYSTEM)

        answer = client.post(address, old | {"reason": "Ill", "time": "2026-06-11T10:00+02:00"})

        appointment.refresh_from_db()
        assert (answer.status_code, appointment.status, appointment.starts_at) == (
            409,
            "booked",
            at(11, days=1),
        )


@pytest.mark.usefixtures("wednesday_morning", "administrator")
class TestDirectory:
    def test_a_shift_changed_meanwhile_is_not_put_back(self, client, client_of):
        doctor = DoctorFactory(full_name="Dr Asha Rao")
        shift = WeeklyScheduleFactory(doctor=doctor)
        other = client_of(staff("administrator"))
        old = opened(client, change_page(doctor))
        other.post(change_page(shift), opened(other, change_page(shift)) | {"ends_at": "11:00"})

        conflict = client.post(change_page(doctor), old | {"fee": "700"})
        between = Doctor.objects.get().fee
        saved = client.post(change_page(doctor), boxes_of(conflict))

        shift.refresh_from_db()
        assert (conflict.status_code, between, saved.status_code) == (409, 500, 302)
        assert [line[1:] for line in shown(conflict)] == [("11:00 AM", "12:00 PM", False)]
        assert (f"{shift.ends_at:%H:%M}", Doctor.objects.get().fee) == ("11:00", 700)

    def test_a_shift_deleted_meanwhile_is_reported_and_the_others_are_saved(self, client):
        doctor = DoctorFactory()
        gone, kept = (WeeklyScheduleFactory(doctor=doctor, weekday=day) for day in (0, 1))
        old = opened(client, change_page(doctor))
        gone.delete()

        typed = {"schedules-0-capacity": "3", "schedules-1-capacity": "2"}
        conflict = client.post(change_page(doctor), old | typed)
        before = WeeklySchedule.objects.get().capacity
        saved = client.post(change_page(doctor), boxes_of(conflict))

        assert (conflict.status_code, before, saved.status_code) == (409, 1, 302)
        assert [line[:2] for line in shown(conflict)] == [("Weekly schedule", "no longer exists")]
        assert list(WeeklySchedule.objects.values_list("pk", "capacity")) == [(kept.pk, 2)]

    def test_a_shift_changed_meanwhile_is_not_deleted(self, client):
        doctor = DoctorFactory()
        shift = WeeklyScheduleFactory(doctor=doctor)
        old = opened(client, change_page(doctor))
        WeeklySchedule.objects.update(capacity=4)

        conflict = client.post(change_page(doctor), old | {"schedules-0-DELETE": "on"})
        kept = WeeklySchedule.objects.filter(pk=shift.pk).exists()
        client.post(change_page(doctor), boxes_of(conflict))

        assert (conflict.status_code, kept) == (409, True)
        assert [line[1:] for line in shown(conflict)] == [("4", "deleted", True)]
        assert not WeeklySchedule.objects.exists()

    def test_a_shift_added_meanwhile_is_kept_and_no_conflict(self, client):
        doctor = DoctorFactory()
        old = opened(client, change_page(doctor))
        WeeklyScheduleFactory(doctor=doctor)

        answer = client.post(change_page(doctor), old | {"fee": "700"})

        assert (answer.status_code, WeeklySchedule.objects.count()) == (302, 1)

    def test_new_rows_are_still_in_the_form_after_a_conflict(self, client):
        doctor = DoctorFactory()
        shift = WeeklyScheduleFactory(doctor=doctor)
        old = opened(client, change_page(doctor))
        WeeklySchedule.objects.update(capacity=4)
        row = {
            "weekday": "3",
            "starts_at": "09:00",
            "ends_at": "12:00",
            "slot_minutes": "15",
            "capacity": "1",
        }
        row |= {"mode": "in_person", "branch": shift.branch_id, "valid_from": "2026-01-01"}
        typed = {f"schedules-1-{name}": value for name, value in row.items()}
        typed |= {"schedules-TOTAL_FORMS": "2", "schedules-0-slot_minutes": "20"}

        conflict = client.post(change_page(doctor), old | typed)
        saved = client.post(change_page(doctor), boxes_of(conflict))

        rows = WeeklySchedule.objects.order_by("weekday").values_list("weekday", "slot_minutes", "capacity")
        assert (conflict.status_code, saved.status_code) == (409, 302)
        assert list(rows) == [(0, 20, 4), (3, 15, 1)]

    def test_a_nurses_doctors_count_too(self, client):
        nurse, first, second = (
            NurseFactory(),
            DoctorFactory(full_name="Dr A"),
            DoctorFactory(full_name="Dr B"),
        )
        nurse.doctors.add(first)
        old = opened(client, change_page(nurse))
        nurse.doctors.add(second)

        conflict = client.post(change_page(nurse), old | {"full_name": "Meena"})
        between = set(nurse.doctors.all())
        saved = client.post(change_page(nurse), boxes_of(conflict))

        nurse.refresh_from_db()
        assert (conflict.status_code, between, saved.status_code) == (409, {first, second}, 302)
        assert (nurse.full_name, set(nurse.doctors.all())) == ("Meena", {first, second})

    def test_a_row_deleted_meanwhile_is_reported(self, client):
        nurse = NurseFactory(full_name="Meena Iyer")
        old = opened(client, change_page(nurse))
        nurse.delete()

        answer = client.post(change_page(nurse), old, follow=True)

        assert answer.status_code == 200
        assert "Perhaps it was deleted?" in answer.text

    def test_a_change_of_hours_is_confirmed_only_for_the_row_that_was_shown(self, client):
        doctor = visit(doctor_with_login(), days=1).doctor
        old = opened(client, change_page(doctor)) | {"is_active": []}
        asked = client.post(change_page(doctor), old)
        Doctor.objects.update(fee=900)

        word = {"_breaks": asked.context["breaks"].fingerprint}
        answer = client.post(change_page(doctor), boxes_of(asked) | word)

        doctor.refresh_from_db()
        assert (answer.status_code, doctor.is_active, doctor.fee) == (409, True, 900)
