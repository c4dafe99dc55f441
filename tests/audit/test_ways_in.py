"""However somebody changes a patient's record, the log has exactly one right entry."""

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse

from accounts.models import Guardianship, Patient
from audit.capture.context import Source, audit_context
from audit.management.audited import AuditedCommand
from scheduling.models import Appointment
from tests.accounts.rows import PARTICULARS
from tests.factories import GuardianshipFactory, PatientFactory, UserFactory, doctor_with_hours, staff
from tests.factories.people import PASSWORD
from tests.opened import boxes_of
from tests.scheduling.admin_day import MORNING, list_page, visit

PARTS = ("day", "month", "year")
CSV = "0"  # the first of the offered formats

pytestmark = [pytest.mark.django_db, pytest.mark.feature("U02")]


@pytest.fixture
def patient() -> Patient:
    return PatientFactory(city="Mysuru", **{name: PARTICULARS[name] for name in ("phone", "date_of_birth")})


def save(patient):
    patient.city = "Mandya"
    patient.save()


def update(patient):
    Patient.objects.filter(pk=patient.pk).update(city="Mandya")


def update_by_base_manager(patient):
    Patient._base_manager.filter(pk=patient.pk).update(city="Mandya")


def bulk_update(patient):
    patient.city = "Mandya"
    Patient.objects.bulk_update([patient], ["city"])


def update_or_create(patient):
    Patient.objects.update_or_create(pk=patient.pk, defaults={"city": "Mandya"})


def by_a_command(patient):
    class Command(AuditedCommand):
        def handle(self, **_options):
            update(patient)

    call_command(Command())


def by_a_task(patient):
    with audit_context(source=Source.TASK.value, origin="tidy_cities"):
        update(patient)


WAYS = [
    (save, "shell", ""),
    (update, "shell", ""),
    (update_by_base_manager, "shell", ""),
    (bulk_update, "shell", ""),
    (update_or_create, "shell", ""),
    (by_a_command, "command", "test_ways_in"),
    (by_a_task, "task", "tidy_cities"),
]


@pytest.mark.parametrize(("way", "source", "origin"), WAYS, ids=lambda value: getattr(value, "__name__", ""))
def test_a_change_leaves_one_row(way, source, origin, patient, log):
    log.forget()

    way(patient)

    assert log.rows() == [
        ("update", "accounts.patient", str(patient.pk), patient.pk, {"city": ["Mysuru", "Mandya"]})
    ]
    event = log.event()
    assert (event.source, event.origin, event.object_repr) == (source, origin, patient.mrn)
    assert event.actor_label.startswith("system")


@pytest.mark.parametrize("way", ["create", "bulk_create", "get_or_create"])
def test_a_new_row_leaves_one_row(way, patient, log):
    user = UserFactory()
    given = {"user": user, "patient": patient, "relation": "self", "consented_by": user}
    log.forget()

    if way == "bulk_create":
        Guardianship.objects.bulk_create([Guardianship(**given)])
    else:
        getattr(Guardianship.objects, way)(**given)

    event = log.event()
    assert (event.action, event.model, event.patient_id) == ("create", "accounts.guardianship", patient.pk)
    assert event.object_pk == str(Guardianship.objects.get().pk)


@pytest.mark.parametrize("way", ["instance", "query set", "raw"])
def test_a_deletion_leaves_one_row(way, patient, log):
    guardianship = GuardianshipFactory(patient=patient)
    rows = Guardianship.objects.filter(pk=guardianship.pk)
    key = str(guardianship.pk)
    log.forget()

    {"instance": guardianship.delete, "query set": rows.delete, "raw": lambda: rows._raw_delete("default")}[
        way
    ]()

    event = log.event()
    assert (event.action, event.model, event.object_pk, event.patient_id) == (
        *("delete", "accounts.guardianship"),
        *(key, patient.pk),
    )


@pytest.mark.parametrize("way", ["add", "set", "from the other side"])
def test_a_role_given_leaves_one_row(way, log):
    user, group = UserFactory(), Group.objects.first()
    log.forget()

    if way == "from the other side":
        group.user_set.add(user)
    elif way == "set":
        user.groups.set([group])
    else:
        user.groups.add(group)

    assert log.rows() == [
        ("permission_change", "accounts.user", str(user.pk), None, {"groups": [[], [group.pk]]})
    ]


@pytest.fixture
def desk_of(client):
    def log_in(role):
        person = staff(role)
        assert client.login(email=person.email, password=PASSWORD)
        return person

    return log_in


def test_the_admin_leaves_one_row(client, patient, log, desk_of):
    person = desk_of("administrator")
    page = reverse("admin:accounts_patient_change", args=[patient.pk])
    form = client.get(page).context["adminform"].form
    given = {name: form[name].value() for name in form.fields}
    data = {name: value for name, value in given.items() if value not in (None, False)}
    born = {
        f"date_of_birth_{part}": getattr(patient.date_of_birth, part) for part in ("day", "month", "year")
    }
    carers = {f"guardianships-{what}_FORMS": 0 for what in ("TOTAL", "INITIAL")}
    log.forget()

    answer = client.post(page, data | born | carers | {"city": "Mandya"})

    assert answer.status_code == 302, answer.context["adminform"].form.errors
    event = log.event(action="update")
    assert (event.model, event.object_pk, event.patient_id) == (
        *("accounts.patient", str(patient.pk)),
        patient.pk,
    )
    assert event.changes["city"] == ["Mysuru", "Mandya"]
    assert (event.source, event.origin, event.actor_id) == ("admin", f"POST {page}", person.pk)


@time_machine.travel(MORNING.replace(year=2030), tick=False)
def test_an_action_of_the_admin_leaves_one_row_for_each(client, log, desk_of):
    person = desk_of("receptionist")
    doctor = doctor_with_hours()
    rows = [visit(doctor, 10), visit(doctor, 11)]
    chosen = {"action": "cancel_selected", "_selected_action": [row.pk for row in rows]}
    asked = client.post(list_page(Appointment), chosen)
    log.forget()

    client.post(list_page(Appointment), boxes_of(asked) | {"reason": "The doctor is ill"})

    events = log.events(action="update", model="scheduling.appointment")
    assert sorted((event.object_pk, event.patient_id) for event in events) == sorted(
        (str(row.pk), row.patient_id) for row in rows
    )
    assert {tuple(event.changes["status"]) for event in events} == {("booked", "cancelled")}
    assert {(event.source, event.actor_id) for event in events} == {("admin", person.pk)}


def test_an_import_leaves_one_row_for_each(client, patient, log, desk_of):
    person = desk_of("administrator")
    page = list_page(Patient)
    Patient.objects.filter(pk=patient.pk).update(mrn="H000777")
    table = SimpleUploadedFile(
        "patients.csv",
        f"mrn,full_name,date_of_birth\nH000777,Asha Menon,{patient.date_of_birth}\n".encode(),
    )
    log.forget()

    preview = client.post(f"{page}import/", {"import_file": table, "format": CSV}, follow=True)
    client.post(f"{page}process_import/", preview.context["confirm_form"].initial)

    event = log.event(action="update", model="accounts.patient")
    assert (event.patient_id, event.changes["full_name"][1]) == (patient.pk, "Asha Menon")
    assert (event.source, event.actor_id) == ("admin", person.pk)
