"""Who sees which rows in the admin."""

import pytest

from scheduling.models import Appointment
from tests.factories import NurseFactory, PatientFactory, UserFactory, staff
from tests.scheduling.admin_day import (
    change_page,
    doctor_with_login,
    list_page,
    page,
    said,
    visit,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday_morning"), pytest.mark.feature("S12")]

EVERYBODY = {
    *("receptionist", "doctor", "nurse", "lab_technician", "billing_clerk", "auditor"),
    "administrator",
}
MAY_OPEN = {
    "index": EVERYBODY,
    "day-board": {"receptionist", "doctor", "nurse", "billing_clerk", "administrator"},
    "scheduling_appointment_changelist": {
        *("receptionist", "doctor", "nurse", "billing_clerk", "administrator"),
    },
    "scheduling_appointment_add": {"receptionist", "doctor", "administrator"},
    "scheduling_appointment_desk": {"receptionist", "nurse", "administrator"},
    "scheduling_doctor_changelist": EVERYBODY,
    "scheduling_doctor_add": {"administrator"},
    "scheduling_doctor_import": {"administrator"},
    "scheduling_doctor_export": {"administrator"},
    "scheduling_nurse_add": {"administrator"},
    "scheduling_department_add": {"administrator"},
    "scheduling_branch_add": {"administrator"},
    "scheduling_weeklyschedule_add": {"administrator"},
    "scheduling_scheduleexception_add": {"administrator"},
}


@pytest.mark.slow
@pytest.mark.parametrize("name", MAY_OPEN)
def test_a_page_opens_for_the_roles_that_need_it_and_for_no_other(client, name):
    opened = set()

    for role in EVERYBODY:
        client.force_login(staff(role))
        if client.get(page(name)).status_code == 200:
            opened.add(role)

    assert opened == MAY_OPEN[name]


@pytest.mark.feature("A02")
def test_the_admin_redirects_anonymous_visitors_to_the_login_page(client):
    response = client.get(page("index"))
    login = client.get(response.url)

    assert response.url == "/admin/login/?next=/admin/"
    assert login.url == "/accounts/login/?next=%2Fadmin%2F"


@pytest.mark.feature("A02")
def test_the_admin_refuses_people_who_are_not_staff(client):
    client.force_login(UserFactory())

    response = client.get(page("index"), follow=True)

    assert response.status_code == 403
    assert page("scheduling_doctor_changelist") not in response.text


class TestAnotherDoctorsPatient:
    """Doctor A, who knows the keys of doctor B's rows."""

    @pytest.fixture(autouse=True)
    def _two_doctors(self, wednesday_morning, client):  # noqa: ARG002 - sets the clock first
        self.own = visit(doctor_with_login())
        self.theirs = visit(
            doctor_with_login(), patient=PatientFactory(full_name="Bhavana Secret", mrn="S777777")
        )
        client.force_login(self.own.doctor.user)

    def test_the_list_shows_only_the_doctors_own_appointments(self, client):
        response = client.get(list_page(Appointment), {"when": "any"})

        assert [row.pk for row in response.context["cl"].result_list] == [self.own.pk]
        assert b"Bhavana" not in response.content

    @pytest.mark.parametrize("term", ["Bhavana", "S777777", "reference"])
    def test_a_search_finds_only_the_doctors_own_appointments(self, client, term):
        term = self.theirs.reference if term == "reference" else term

        response = client.get(list_page(Appointment), {"q": term})

        assert list(response.context["cl"].result_list) == []

    def test_the_page_of_an_own_appointment_opens(self, client):
        response = client.get(change_page(self.own))

        assert self.own.patient.full_name in response.text

    @pytest.mark.parametrize("name", ["change", "history", "cancel", "reschedule"])
    def test_a_page_of_another_doctors_row_is_not_found(self, client, name):
        response = client.get(page(f"scheduling_appointment_{name}", self.theirs.pk))

        assert response.url == "/admin/"
        assert f"appointment with ID “{self.theirs.pk}”" in said(response)[0]

    def test_the_delete_page_is_refused(self, client):
        response = client.post(page("scheduling_appointment_delete", self.theirs.pk), {"post": "yes"})

        assert response.status_code == 403
        assert Appointment.objects.filter(pk=self.theirs.pk).exists()

    @pytest.mark.parametrize("name", ["check-in", "start", "complete", "no-show", "cancel"])
    def test_a_button_on_another_doctors_row_does_nothing(self, client, name):
        response = client.post(page(f"scheduling_appointment_{name}", self.theirs.pk), {"reason": "x"})

        self.theirs.refresh_from_db()
        assert response.url == "/admin/"
        assert self.theirs.status == "booked"

    def test_an_action_on_another_doctors_row_does_nothing(self, client):
        client.force_login(staff("nurse"))

        client.post(
            list_page(Appointment),
            {"action": "check_in_selected", "_selected_action": [self.theirs.pk]},
        )

        self.theirs.refresh_from_db()
        assert self.theirs.status == "booked"

    def test_autocomplete_offers_only_the_doctors_own_patients(self, client):
        source = {"app_label": "scheduling", "model_name": "appointment", "field_name": "patient"}

        found = client.get("/admin/autocomplete/", source | {"term": ""}).json()["results"]
        secret = client.get("/admin/autocomplete/", source | {"term": "Bhavana"}).json()["results"]

        assert [row["id"] for row in found] == [str(self.own.patient_id)]
        assert secret == []

    def test_the_page_of_another_doctors_patient_is_not_found(self, client):
        own = client.get(change_page(self.own.patient))
        theirs = client.get(change_page(self.theirs.patient))

        assert own.status_code == 200
        assert theirs.url == "/admin/"

    def test_the_board_shows_only_the_doctors_own_column(self, client):
        asked = {"doctor": self.theirs.doctor.reference}

        everything = client.get(page("day-board"))
        another = client.get(page("day-board"), asked)

        assert [column.doctor for column in everything.context["columns"]] == [self.own.doctor]
        assert another.context["columns"] == []


def test_a_nurse_sees_the_patients_of_the_doctors_she_works_with(client):
    own, _theirs = visit(doctor_with_login()), visit(doctor_with_login())
    nurse = NurseFactory(user=staff("nurse"))
    nurse.doctors.add(own.doctor)
    client.force_login(nurse.user)

    listed = client.get(list_page(Appointment), {"when": "any"})
    board = client.get(page("day-board"))

    assert [row.pk for row in listed.context["cl"].result_list] == [own.pk]
    assert [column.doctor for column in board.context["columns"]] == [own.doctor]


def test_appointments_cannot_be_deleted_or_edited_even_by_a_superuser(client):
    appointment = visit(doctor_with_login())
    client.force_login(UserFactory(is_staff=True, is_superuser=True))

    deleted = client.post(page("scheduling_appointment_delete", appointment.pk), {"post": "yes"})
    edited = client.post(change_page(appointment), {"status": "completed"})

    appointment.refresh_from_db()
    assert (deleted.status_code, edited.status_code) == (403, 403)
    assert appointment.status == "booked"
