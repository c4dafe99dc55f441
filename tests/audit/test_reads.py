"""Whoever sees a patient's record leaves one entry per page, however many patients are on it."""

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.models import Patient
from audit.capture.reads import log_reads, noted_reads
from audit.models import Action, AuditEvent, AuditSubject
from tests.factories import PatientFactory, at, carer_of, doctor_with_hours, staff

pytestmark = [pytest.mark.django_db, pytest.mark.feature("U03")]

PATIENTS = "/admin/accounts/patient/"
READS = (Action.READ, Action.SEARCH, Action.EXPORT, Action.DOWNLOAD, Action.PRINT)


@pytest.fixture
def desk(client):
    user = staff("receptionist")
    client.force_login(user)
    return user


def reads() -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(action__in=READS).order_by("pk"))


def only_read() -> AuditEvent:
    (event,) = reads()
    assert patients_of(event) == event.details["patients"]
    return event


def patients_of(event: AuditEvent) -> list[int]:
    found = AuditSubject.objects.filter(event_id=event.pk).order_by("patient_id")
    return list(found.values_list("patient_id", flat=True))


def test_a_form_of_the_staff_site_is_a_read_of_that_record(client, desk):
    patient = PatientFactory()

    client.get(f"{PATIENTS}{patient.pk}/change/")

    event = only_read()
    assert (event.action, event.source, event.actor_id) == ("read", "admin", desk.pk)
    assert (event.model, event.object_pk, event.patient_id) == (
        "accounts.patient",
        str(patient.pk),
        patient.pk,
    )
    assert (event.object_repr, event.details["view"]) == (patient.mrn, "form")


def test_a_list_is_one_line_with_everybody_on_it(client, desk):
    patients = PatientFactory.create_batch(50)

    client.get(PATIENTS)

    event = only_read()
    assert (event.action, event.patient_id, event.details["view"]) == ("read", None, "list")
    assert event.details["patients"] == sorted(patient.pk for patient in patients)
    assert event.details["shown"] == {"accounts.patient": 50}


def test_a_search_says_what_was_searched_for_and_who_was_found(client, desk):
    found = PatientFactory(full_name="Asha Rao")
    PatientFactory(full_name="Vikram Iyer")

    client.get(PATIENTS, {"q": "asha"})

    event = only_read()
    assert (event.action, event.patient_id, event.details["search"]) == ("search", found.pk, "asha")


def test_what_the_boxes_of_a_form_suggest_is_a_search(client, desk):
    found = PatientFactory(full_name="Asha Rao")

    client.get(
        "/admin/autocomplete/",
        {"term": "asha", "app_label": "accounts", "model_name": "guardianship", "field_name": "patient"},
    )

    event = only_read()
    assert (event.action, event.patient_id, event.details["search"]) == ("search", found.pk, "asha")


def test_the_history_of_a_record_is_a_read_of_it(client):
    patient = PatientFactory()
    client.force_login(staff("administrator"))

    client.get(f"{PATIENTS}{patient.pk}/history/")

    event = only_read()
    assert (event.action, event.patient_id, event.details["view"]) == ("read", patient.pk, "history")


def test_an_entry_of_the_log_is_a_read_of_its_patient_and_a_list_of_entries_is_not(client):
    patient = PatientFactory()
    entry = AuditEvent.objects.get(model="accounts.patient", object_pk=patient.pk)
    client.force_login(staff("auditor"))

    client.get("/admin/audit/auditevent/")
    client.get(f"/admin/audit/auditevent/{entry.pk}/change/")

    event = only_read()
    assert (event.action, event.model, event.object_pk, event.patient_id) == (
        "read", "audit.auditevent", str(entry.pk), patient.pk,
    )  # fmt: skip


def test_an_entry_of_the_log_that_is_about_no_patient_is_no_read(client):
    user = staff("auditor")
    entry = AuditEvent.objects.filter(model="accounts.user", object_pk=user.pk).first()
    client.force_login(user)

    answer = client.get(f"/admin/audit/auditevent/{entry.pk}/change/")

    assert (answer.status_code, reads()) == (200, [])


def test_an_export_names_everybody_who_went_out(client):
    patients = PatientFactory.create_batch(3)
    client.force_login(staff("administrator"))

    client.post(f"{PATIENTS}export/", {"format": "0"})

    event = only_read()
    assert (event.action, event.details["patients"]) == ("export", sorted(row.pk for row in patients))


def test_the_patients_own_page_is_a_read_too(client):
    patient = PatientFactory()
    client.force_login(carer_of(patient))

    client.get("/me/profile/")

    event = only_read()
    assert (event.action, event.source, event.patient_id) == ("read", "page", patient.pk)


def test_a_search_that_finds_nobody_and_a_page_without_patients_leave_nothing(client, desk):
    client.get(PATIENTS, {"q": "nobody"})
    client.get("/admin/scheduling/doctor/")
    client.get("/")

    assert reads() == []


def test_a_refused_access_is_the_only_entry(client):
    patient = PatientFactory()
    client.force_login(staff("doctor"))

    client.get(f"{PATIENTS}{patient.pk}/change/")

    (event,) = reads()
    assert (event.outcome, event.patient_id) == ("refused", patient.pk)
    assert not AuditSubject.objects.exists()


def test_what_is_not_shown_is_not_read(client):
    """Posting a form that redirects shows nothing; its change has an entry of its own."""
    patient = PatientFactory()
    doctor = doctor_with_hours()
    client.force_login(carer_of(patient))

    answer = client.post(
        f"/book/{doctor.reference}/?at={at(9):%Y%m%dT%H%M}", {"patient": patient.reference, "key": "k" * 32}
    )

    assert answer.status_code == 302
    assert reads() == []


def test_a_record_whose_patient_is_in_another_table_leads_to_that_patient(client):
    from tests.billing.rows import held, paid  # noqa: PLC0415 - only here

    payment = paid(held(at(9)))
    client.force_login(staff("billing_clerk"))

    client.get(f"/admin/billing/payment/{payment.pk}/change/")

    event = only_read()
    assert (event.model, event.patient_id) == ("billing.payment", payment.invoice.patient_id)


def test_nothing_is_noted_outside_of_a_page(django_assert_num_queries):
    user = carer_of(PatientFactory())

    with django_assert_num_queries(1):
        list(Patient.objects.visible_to(user))

    assert reads() == []


def test_rows_that_are_gone_through_one_by_one_are_noted():
    user = carer_of(patient := PatientFactory())

    with noted_reads() as seen:
        assert list(Patient.objects.visible_to(user).iterator()) == [patient]

    assert [list(rows) for rows in seen.values()] == [[patient.pk]]


def test_what_rules_ask_for_themselves_is_no_read():
    user = carer_of(PatientFactory())

    with noted_reads() as seen:
        assert Patient.objects.visible_to(user).exists()
        assert Patient.objects.visible_to(user).count() == 1
        assert list(Patient.objects.all())
        assert list(Patient.objects.visible_to(AnonymousUser())) == []

    assert seen == {}


def test_a_page_that_cannot_be_logged_is_not_shown(client, desk, monkeypatch):
    patient = PatientFactory()

    def fail(*_args, **_options):
        raise OSError("the disk is full")

    monkeypatch.setattr("audit.middleware.log_reads", fail)

    with pytest.raises(OSError, match="disk is full"):
        client.get(f"{PATIENTS}{patient.pk}/change/")


def test_an_empty_note_writes_nothing():
    assert log_reads({}) is None
    assert reads() == []
