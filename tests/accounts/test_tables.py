"""Import and export of people: imports are validated like forms, exports contain visible rows only."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from accounts.models import Patient, User
from audit.models import Action, AuditEvent, AuditSubject
from tests.costs import READ
from tests.factories import PatientFactory, UserFactory, staff

pytestmark = [pytest.mark.django_db, pytest.mark.feature("A06")]

PATIENTS, USERS = "/admin/accounts/patient/", "/admin/accounts/user/"
CSV, XLSX = "0", "1"
NEW = {
    "mrn": "",
    "full_name": " Asha  Rao ",
    "date_of_birth": "1984-03-27",
    "gender": "female",
    "phone": "098450 12345",
    "country": "India",
    "postcode": "560 025",
}


def table_of(*rows: dict) -> SimpleUploadedFile:
    out = io.StringIO()
    writer = csv.DictWriter(out, rows[0].keys())
    writer.writeheader()
    writer.writerows(rows)
    return SimpleUploadedFile("people.csv", out.getvalue().encode(), "text/csv")


def import_table(client, page, *rows):
    """Upload and, if the preview allows it, confirm; returns the last response."""
    preview = client.post(f"{page}import/", {"import_file": table_of(*rows), "format": CSV}, follow=True)
    confirm = preview.context.get("confirm_form")
    if confirm is None:
        return preview
    return client.post(f"{page}process_import/", confirm.initial)


def exported(client, page, file_format=CSV, **filters) -> list[dict]:
    query = "&".join(f"{name}={value}" for name, value in filters.items())
    answer = client.post(f"{page}export/?{query}", {"format": file_format})
    return list(csv.DictReader(io.StringIO(answer.content.decode())))


def test_a_row_without_a_number_registers_a_patient(client, administrator):
    answer = import_table(client, PATIENTS, NEW)

    assert (answer.status_code, answer.url) == (302, PATIENTS)
    patient = Patient.objects.get()
    assert (patient.mrn, patient.full_name, patient.name_key) == ("H000001", "Asha Rao", "asha rao")
    assert (str(patient.phone), patient.postcode) == ("+919845012345", "560025")


def test_a_row_with_a_number_changes_that_patient(client, administrator):
    asha = PatientFactory(full_name="Asha Rao", date_of_birth="1984-03-27", city="Mysuru", mrn="H000007")
    changed = {"mrn": "H000007", "full_name": "Asha Menon", "date_of_birth": "1984-03-27"}

    import_table(client, PATIENTS, changed)

    kept = Patient.objects.get()
    assert (kept.pk, kept.full_name, kept.city) == (asha.pk, "Asha Menon", "Mysuru")


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"phone": "12"}, "“12” is not a valid phone number."),
        ({"date_of_birth": "1984-02-30"}, "is not a date. Write dates as YYYY-MM-DD"),
        ({"date_of_birth": "03/04/1984"}, "is not a date. Write dates as YYYY-MM-DD"),
        ({"date_of_birth": "2999-01-01"}, "The date of birth must be in the past."),
        ({"postcode": "12"}, "Enter a PIN code of 6 digits"),
        ({"gender": "lady"}, "is not a valid choice"),
        ({"mrn": "H999999"}, "There is no such patient. Leave the number empty to register a new one."),
    ],
)
def test_a_wrong_row_is_shown_and_only_the_other_is_imported(client, administrator, wrong, message):
    upload = {"import_file": table_of(NEW, NEW | {"full_name": "Somebody Else"} | wrong)}
    page = client.post(f"{PATIENTS}import/", upload, follow=True)
    client.post(f"{PATIENTS}process_import/", page.context["confirm_form"].initial)

    assert [number for number, _reasons in page.context["bad"]] == [3]
    assert message in page.text
    assert [patient.full_name for patient in Patient.objects.all()] == ["Asha Rao"]


def test_the_preview_writes_nothing(client, administrator):
    client.post(f"{PATIENTS}import/", {"import_file": table_of(NEW), "format": CSV}, follow=True)

    assert not Patient.objects.exists()


def test_an_export_follows_the_filter_and_is_logged(client, administrator):
    PatientFactory(full_name="Asha Rao", gender="female", mrn="H000007")
    PatientFactory(full_name="Arjun Iyer", gender="male")

    rows = exported(client, PATIENTS, gender__exact="female")

    assert [(row["mrn"], row["full_name"]) for row in rows] == [("H000007", "Asha Rao")]
    event = AuditEvent.objects.get(action=Action.EXPORT)
    assert event.actor_id == administrator.pk
    assert (event.details["shown"], event.details["filter"]) == (
        {"accounts.patient": 1},
        {"gender__exact": "female"},
    )
    assert AuditSubject.objects.filter(event_id=event.pk).count() == 1


def test_an_empty_export_is_logged_too(client, administrator):
    assert exported(client, PATIENTS, gender__exact="female") == []

    event = AuditEvent.objects.get(action=Action.EXPORT)
    assert (event.details["table"], event.details["rows"]) == ("accounts.patient", 0)


def test_a_spreadsheet_export_does_not_run_formulas_typed_by_patients(client, administrator):
    PatientFactory(full_name="=HYPERLINK(1)", mrn="H000007")

    answer = client.post(f"{PATIENTS}export/", {"format": XLSX})

    sheet = load_workbook(io.BytesIO(answer.content)).active
    header, row = [[cell.value for cell in cells] for cells in sheet.iter_rows()]
    assert dict(zip(header, row, strict=True))["full_name"] == "'=HYPERLINK(1)"


@pytest.mark.parametrize("people", [1, 3])
def test_export_costs_the_same_for_one_and_for_three(
    client, administrator, people, django_assert_num_queries
):
    PatientFactory.create_batch(people)

    with django_assert_num_queries(8 + READ):
        rows = exported(client, PATIENTS)

    assert len(rows) == people


@pytest.mark.parametrize("role", ["receptionist", "doctor", "billing_clerk"])
@pytest.mark.parametrize("page", [PATIENTS, USERS])
@pytest.mark.parametrize("action", ["import", "export"])
def test_tables_are_for_administrators(client, role, page, action):
    client.force_login(staff(role))
    patient, other = PatientFactory(), UserFactory()

    answers = [client.get(f"{page}{action}/"), client.post(f"{page}{action}/", {"format": CSV})]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert not any(secret in answer.text for answer in answers for secret in (patient.mrn, other.email))


def test_a_row_creates_a_login_with_its_roles_and_without_a_password(client, administrator):
    row = {"email": "Meena@Example.org", "full_name": "Meena Iyer", "phone": "", "roles": "nurse, doctor"}

    import_table(client, USERS, row)

    meena = User.objects.get(email="meena@example.org")
    assert (meena.role_names, meena.is_staff) == ({"nurse", "doctor"}, True)
    assert not meena.has_usable_password()


def test_a_row_changes_roles_and_whether_the_user_may_log_in(client, administrator):
    staff("nurse", email="meena@example.org", full_name="Meena Iyer")
    row = {
        "email": "meena@example.org",
        "full_name": "Meena Rao",
        "roles": "lab_technician",
        "is_active": "0",
    }

    import_table(client, USERS, row)

    meena = User.objects.get(email="meena@example.org")
    assert (meena.full_name, meena.role_names, meena.is_active) == ("Meena Rao", {"lab_technician"}, False)


def test_a_row_that_changes_only_the_roles_is_imported(client, administrator):
    staff("nurse", email="meena@example.org", full_name="Meena Iyer")

    import_table(client, USERS, {"email": "meena@example.org", "roles": "lab_technician"})

    assert User.objects.get(email="meena@example.org").role_names == {"lab_technician"}


def test_the_preview_shows_old_and_new_roles(client, administrator):
    staff("nurse", email="meena@example.org", full_name="Meena Iyer")
    new = {"email": "new@example.org", "roles": "nurse, doctor", "full_name": "New"}
    table = table_of({"email": "meena@example.org", "roles": "lab_technician", "full_name": ""}, new)

    page = client.post(f"{USERS}import/", {"import_file": table}, follow=True)

    assert [(row.diff[0], row.diff[2]) for row in page.context["good"]] == [
        ("meena@example.org", "<del>nurse</del><ins>lab_technician</ins>"),
        ("new@example.org", "doctor,nurse"),
    ]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"email": "meena@", "full_name": "Meena", "roles": ""}, "Enter a valid email address."),
        (
            {"email": "m@example.org", "full_name": "Meena", "roles": "queen"},
            "no role queen. The roles are: patient, rec",
        ),
        (
            {"email": "root@example.org", "full_name": "Changed", "roles": ""},
            "Only a superuser can change a superuser.",
        ),
        (
            {"email": "meena@example.org", "full_name": "Meena", "roles": "auditor"},
            "This needs the approval of a second person: give the roles Administrator and Auditor on the",
        ),
    ],
)
def test_a_wrong_login_is_shown_and_not_imported(client, administrator, row, message):
    UserFactory(email="root@example.org", full_name="Root", is_superuser=True)

    page = client.post(f"{USERS}import/", {"import_file": table_of(row)}, follow=True)

    assert message in page.content.decode()
    assert page.context["good"] == []
    names = User.objects.exclude(pk=administrator.pk).values_list("full_name", flat=True)
    assert list(names) == ["Root"]


def test_export_of_logins_has_neither_passwords_nor_secrets(client, administrator):
    rows = exported(client, USERS)

    assert rows == [
        {
            "email": administrator.email,
            "full_name": administrator.full_name,
            "phone": "",
            "roles": "administrator",
            "is_active": "1",
        }
    ]
