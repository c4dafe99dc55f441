"""What holds for each list that is kept for a patient; the lists are found, `owned.py` makes the rows."""

from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.text import slugify

from accounts.models import Patient
from clinical.exceptions import AlreadyOnList, NotTreating
from clinical.models import ListedRecord
from clinical.statuses import NEED_REASON
from hms.core.references import new_reference
from hms.core.refusals import NotAllowed
from hms.core.states import statuses_of
from tests.clinical.rows import doctor_at_work, patient_of, visit_today
from tests.costs import READ, READ_BY_STAFF
from tests.factories import GuardianshipFactory, NurseFactory, PatientFactory, carer_of, staff
from tests.opened import opened, send
from tests.owned import Household, makers
from tests.scheduling.pages import links, text

MODELS = [model for model in apps.get_models() if issubclass(model, ListedRecord)]
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.feature("C03"),
    pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__),
]
# session, person, people, rows
PAGE_QUERIES = 4 + READ
# session, person, permissions twice, number of rows, rows
LIST_QUERIES = 6 + READ_BY_STAFF


@pytest.fixture
def doctor():
    return doctor_at_work()


@pytest.fixture
def patient(doctor):
    return patient_of(doctor, full_name="Sunita Deshpande")


@pytest.fixture
def carer(patient):
    return carer_of(patient)


def entry(model: type[ListedRecord], patient: Patient, by) -> ListedRecord:
    """An entry that the user records for the patient, who has an appointment."""
    return makers()[model][0](Household(carer=by, doctor=SimpleNamespace(user=by), patient=patient))


def page_of(model: type[ListedRecord]) -> str:
    return reverse(f"clinical:list-{slugify(model._meta.verbose_name_plural)}")


def list_of(model: type[ListedRecord]) -> str:
    return reverse(f"admin:clinical_{model._meta.model_name}_changelist")


def steps_of(row: ListedRecord) -> frozenset:
    return statuses_of(row._meta.get_field("status")).STEPS[row.status]


def mark(client, row: ListedRecord, status: str, reason: str):
    """Change the status in the staff site."""
    return send(client, f"{list_of(type(row))}{row.pk}/change/", {"becomes": status, "reason": reason})


def state_of(row: ListedRecord) -> tuple[str, str]:
    return type(row).objects.values_list("status", "status_reason").get(pk=row.pk)


def test_the_same_thing_is_current_once(model, patient, doctor):
    first = entry(model, patient, doctor.user)
    with pytest.raises(AlreadyOnList):
        entry(model, patient, doctor.user)
    other = entry(model, patient_of(doctor), doctor.user)

    assert list(model.objects.order_by("pk")) == [first, other]
    first.pk, first.reference, first._state.adding = None, new_reference(), True
    with pytest.raises(IntegrityError), transaction.atomic():
        first.save()


def test_an_entry_that_is_no_longer_current_may_be_recorded_again(client, model, patient, doctor):
    client.force_login(doctor.user)
    first = entry(model, patient, doctor.user)
    mark(client, first, "refuted", "Test negative")

    again = entry(model, patient, doctor.user)

    assert list(model.objects.filter(patient=patient).current()) == [again]
    answer = mark(client, first, again.status, "")
    assert "This is already on the patient's list." in text(answer)
    assert state_of(first) == ("refuted", "Test negative")


def test_a_nurse_of_the_doctor_records_an_entry_and_nobody_else(model, patient, doctor, carer):
    nurse = NurseFactory(user=staff("nurse"))
    nurse.doctors.add(doctor)
    visit_today(doctor, patient)
    refused = {
        NotAllowed: [staff("receptionist"), staff("administrator"), carer],
        NotTreating: [doctor_at_work().user, staff("nurse"), staff("doctor", is_superuser=True)],
    }

    for refusal, people in refused.items():
        for by in people:
            with pytest.raises(refusal):
                entry(model, patient, by)

    assert model.objects.count() == 0
    assert entry(model, patient, nurse.user).recorded_by == nurse.user


def test_doctor_nurse_and_carer_see_an_entry_and_nobody_else(model, patient, doctor, carer):
    entry(model, patient, doctor.user)
    nurse = NurseFactory(user=staff("nurse"))
    nurse.doctors.add(doctor)
    visit_today(doctor, patient)
    people = {
        "doctor": doctor.user,
        "nurse": nurse.user,
        "carer": carer,
        "payer": carer_of(patient, may_see_records=False),
        "other doctor": doctor_at_work().user,
        "desk": staff("receptionist"),
        "administrator": staff("administrator"),
        "stranger": carer_of(PatientFactory()),
    }

    seen = {who for who, user in people.items() if model.objects.visible_to(user).exists()}

    assert seen == {"doctor", "nurse", "carer"}


def test_the_allowed_steps_are_offered_and_some_need_a_reason(client, model, patient, doctor):
    client.force_login(doctor.user)
    row = entry(model, patient, doctor.user)
    form = client.get(f"{list_of(model)}{row.pk}/change/").context["adminform"].form

    without = {status: text(mark(client, row, status, " ")) for status in NEED_REASON}

    assert {value for value, _words in form.fields["becomes"].choices} == {"", *steps_of(row)}
    assert ["Give a reason." in page for page in without.values()] == [True, True]
    assert state_of(row) == (row.status, "")


def test_an_entry_in_error_is_closed_and_not_on_the_page(client, model, patient, doctor, carer):
    client.force_login(doctor.user)
    row, change = entry(model, patient, doctor.user), f"{list_of(model)}{{}}/change/"
    mark(client, row, "entered_in_error", "Other patient")

    closed = client.get(change.format(row.pk))

    assert state_of(row) == ("entered_in_error", "Other patient")
    assert "Entered in error" in text(closed)
    assert 'name="becomes"' not in closed.text
    assert client.post(change.format(row.pk), {"becomes": "refuted"}).status_code == 403
    client.force_login(carer)
    assert str(row) not in text(client.get(page_of(model)))


def test_a_colleagues_change_is_shown_before_it_is_overwritten(client, model, patient, doctor):
    client.force_login(doctor.user)
    row = entry(model, patient, doctor.user)
    change = f"{list_of(model)}{row.pk}/change/"
    old = opened(client, change)
    mark(client, row, "refuted", "Test negative")

    answer = client.post(change, old | {"becomes": "entered_in_error", "reason": "x"})

    assert answer.status_code == 409
    assert state_of(row) == ("refuted", "Test negative")


@pytest.mark.parametrize("count", [1, 3])
def test_the_staff_list_costs_the_same_for_one_and_for_three(
    count, client, model, doctor, django_assert_num_queries
):
    client.force_login(doctor.user)
    for _number in range(count):
        entry(model, patient_of(doctor), doctor.user)
    client.get(list_of(model))

    with django_assert_num_queries(LIST_QUERIES):
        response = client.get(list_of(model))

    assert response.context["cl"].result_count == count


def test_the_staff_list_is_searched_by_patient(client, model, patient, doctor):
    client.force_login(doctor.user)
    wanted = entry(model, patient, doctor.user)
    entry(model, patient_of(doctor), doctor.user)

    response = client.get(list_of(model), {"q": patient.mrn})

    assert list(response.context["cl"].result_list) == [wanted]


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_for_one_and_for_three(
    count, client, model, patient, doctor, carer, django_assert_num_queries
):
    children = [patient_of(doctor) for _number in range(count - 1)]
    for child in children:
        GuardianshipFactory(user=carer, patient=child, relation="child")
    rows = [entry(model, each, doctor.user) for each in [patient, *children]]
    client.force_login(carer)
    client.get("/me/")

    with django_assert_num_queries(PAGE_QUERIES):
        response = client.get(page_of(model))

    assert text(response).count(str(rows[0])) == count


def test_the_page_shows_nobody_without_the_right_to_see_records(client, model, patient, doctor, carer):
    child = patient_of(doctor, full_name="Dev Deshpande")
    GuardianshipFactory(user=carer, patient=child, relation="parent", may_see_records=False)
    row = entry(model, child, doctor.user)
    pages = {carer: ("", f"?person={child.reference}"), carer_of(PatientFactory()): ("",)}

    for user, asked in pages.items():
        client.force_login(user)
        for which in asked:
            shown = client.get(page_of(model) + which).text
            assert (child.full_name in shown, str(row) in shown) == (False, False)

    client.force_login(GuardianshipFactory(may_see_records=False).user)
    assert "No records to show" in text(client.get(page_of(model)))


def test_the_page_can_show_one_person_and_is_linked_from_the_records(client, model, patient, doctor, carer):
    client.force_login(carer)
    child = patient_of(doctor, full_name="Dev Deshpande")
    GuardianshipFactory(user=carer, patient=child, relation="parent")
    row = entry(model, patient, doctor.user)

    response = client.get(f"{page_of(model)}?person={child.reference}")

    assert (str(row) in text(response), str(row) in text(client.get(page_of(model)))) == (False, True)
    for asked in ("", f"?person={child.reference}"):
        assert page_of(model) + asked in links(client.get(f"/me/records/{asked}"))
