"""The formulary, current medicines, prescriptions and templates in the staff site."""

import csv

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from clinical.models import CurrentMedicine, Medicine, Prescription, PrescriptionTemplate
from clinical.services import record_current_medicine
from clinical.services.formulary import DATA, load_first_formulary
from clinical.statuses.medicines import DoseForm
from tests.clinical.prescribing import medicine, sign, write
from tests.clinical.rows import doctor_at_work, visit_today
from tests.costs import READ_BY_STAFF
from tests.factories import NurseFactory, PatientFactory, staff
from tests.opened import opened, send

pytestmark = [pytest.mark.django_db, pytest.mark.feature("C04")]
LISTS = "/admin/clinical/"
HEADINGS = "name,ingredients,form,strength,strength_mg,per,route,atc,classes,schedule,telemedicine,"
HEADINGS += "pregnancy,max_daily_mg_adult,max_daily_mg_per_kg_child,source,is_active"


@pytest.fixture
def doctor(client):
    doctor = doctor_at_work()
    client.force_login(doctor.user)
    return doctor


@pytest.fixture
def patient(doctor):
    return visit_today(doctor, PatientFactory(gender="male")).patient


def errors(response) -> list[str]:
    form = response.context["adminform"].form
    return [str(message) for messages in form.errors.values() for message in messages]


def test_the_formulary_is_loaded_once_with_ingredients_amounts_and_brands():
    with (DATA / "medicines.csv").open(encoding="utf-8", newline="") as file:
        rows = len(list(csv.DictReader(file)))

    augmentin = Medicine.objects.found("augmentin 625")[0]

    assert Medicine.objects.count() == rows
    assert [(row.ingredient.name, row.mg) for row in augmentin.contents.all()] == [
        ("amoxicillin", 500),
        ("clavulanic acid", 125),
    ]
    assert load_first_formulary() == []


@pytest.mark.parametrize("form", DoseForm)
def test_a_medicine_is_found_by_its_name_and_form(form):
    for row in Medicine.objects.filter(form=form)[:3]:
        assert row in Medicine.objects.found(f"{row.name} {form.replace('_', ' ')}", limit=300)


def test_after_an_update_medicines_are_found_as_the_new_code_finds_them():
    row = Medicine.objects.filter(form="eye_drops").first()
    Medicine.objects.filter(pk=row.pk).update(search_key=" old")

    load_first_formulary()

    assert row in Medicine.objects.found(f"{row.name} eye drops")


def test_medicines_are_searched_by_brand_and_misspelt_text_finds_nothing(client, administrator):
    found = client.get(f"{LISTS}medicine/", {"q": "crocin"}).context["cl"].result_list

    assert {row.name for row in found} == {"paracetamol"}
    assert client.get(f"{LISTS}medicine/", {"q": "crozin"}).context["cl"].result_count == 0


def test_an_administrator_changes_a_medicine_and_prescriptions_keep_what_was_printed(
    client, doctor, patient, administrator
):
    signed = sign(write(patient, "paracetamol 650 tds 3d"))
    row = medicine("paracetamol", strength="650 mg")

    page = f"{LISTS}medicine/{row.pk}/change/"
    answer = client.post(page, opened(client, page) | {"strength": "651 mg", "brands": "Dolo 651"})

    row.refresh_from_db()
    assert answer.status_code == 302
    assert (row.strength, row.brands) == ("651 mg", "Dolo 651")
    assert Medicine.objects.found("dolo 651") == [row]
    assert signed.items.get().strength == "650 mg"


def imported(client, *rows: str):
    content = "\n".join([HEADINGS, *rows]).encode()
    file = SimpleUploadedFile("medicines.csv", content, "text/csv")
    preview = client.post(f"{LISTS}medicine/import/", {"import_file": file, "format": "0"}, follow=True)
    if preview.context["confirm_form"]:
        confirm = preview.context["confirm_form"].initial
        client.post(f"{LISTS}medicine/process_import/", confirm)
    return preview


def test_administrators_import_medicines_and_a_second_time_changes_them(client, administrator):
    new = "testamol,testamol;paracetamol,tablet,5 mg + 10 mg,5;10,unit,oral,,test_class,H,,,50;,,own,1"

    imported(client, new)
    imported(client, new.replace("test_class", "other_class"))

    row = Medicine.objects.get(name="testamol")
    contents = row.contents.values_list("ingredient__name", "mg", "max_daily_mg_adult")
    assert row.classes == "other_class"
    assert list(contents) == [("testamol", 5, 50), ("paracetamol", 10, None)]


@pytest.mark.parametrize(
    "row",
    [
        "testamol,,tablet,5 mg,5,unit,oral,,,H,,,,,own,1",
        "testamol,testamol,tablet,5 mg,much,unit,oral,,,H,,,,,own,1",
        "testamol,testamol;other,tablet,5 mg,5,unit,oral,,,H,,,,,own,1",
        "testamol,testamol,tablet,5 mg,5,unit,oral,,,Z,,,,,own,1",
    ],
)
def test_a_row_that_says_too_little_is_not_imported(row, client, administrator):
    preview = imported(client, row)

    result = preview.context["result"]
    assert result.has_errors() or result.has_validation_errors()
    assert not Medicine.objects.filter(name="testamol").exists()


def test_a_doctor_records_and_stops_a_current_medicine(client, doctor, patient):
    page = f"{LISTS}currentmedicine/"
    client.post(
        f"{page}add/",
        {"patient": patient.pk, "name": "Triphala", "dosage": "at night", "source": "patient"},
    )
    row = CurrentMedicine.objects.get()

    empty = client.post(f"{page}add/", {"patient": patient.pk, "source": "patient"})
    send(client, f"{page}{row.pk}/change/", {"becomes": "stopped", "reason": "Diarrhoea"})

    assert errors(empty) == ["Choose a medicine or enter its name."]
    row.refresh_from_db()
    assert (row.name, row.status, row.status_reason) == ("Triphala", "stopped", "Diarrhoea")


def test_a_nurse_dispenses_and_the_doctor_withdraws(client, doctor, patient):
    nurse = NurseFactory(user=staff("nurse"))
    nurse.doctors.add(doctor)
    signed = sign(write(patient, "paracetamol 500 tds 3d"))
    page = f"{LISTS}prescription/{signed.pk}/change/"

    client.force_login(nurse.user)
    send(client, page, {"becomes": "dispensed"})
    refused = send(client, page, {"becomes": "withdrawn", "reason": "Rash"})
    client.force_login(doctor.user)
    without = send(client, page, {"becomes": "withdrawn"})
    send(client, page, {"becomes": "withdrawn", "reason": "Rash"})

    assert refused.status_code == 403
    assert errors(without) == ["Give a reason."]
    signed.refresh_from_db()
    assert (signed.status, signed.dispensed_by, signed.withdrawal_reason) == ("withdrawn", nurse.user, "Rash")


def test_a_draft_has_no_steps_in_the_list_and_leads_to_its_page(client, patient):
    draft = write(patient, "paracetamol 500 tds 3d")

    page = client.get(f"{LISTS}prescription/{draft.pk}/change/")

    assert f'href="/admin/prescribe/{draft.appointment.reference}/"' in page.text
    assert 'name="becomes"' not in page.text


def test_a_doctor_keeps_templates_of_their_own(client, doctor):
    other = doctor_at_work()
    PrescriptionTemplate.objects.create(doctor=other, name="Theirs", lines="cetirizine 10 hs 5d")
    page = f"{LISTS}prescriptiontemplate/"
    lines = {"name": "Cold", "lines": "cetirizine 10 hs 5d\ndolo 650 sos", "is_active": "on"}

    wrong = client.post(f"{page}add/", lines | {"lines": "cetirizine when it itches"})
    client.post(f"{page}add/", lines)

    assert "is not a schedule" in errors(wrong)[0]
    assert [row.name for row in client.get(page).context["cl"].result_list] == ["Cold"]
    assert PrescriptionTemplate.objects.get(name="Cold").doctor == doctor


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(
    ("model", "queries"),
    [("prescription", 6 + READ_BY_STAFF), ("currentmedicine", 6 + READ_BY_STAFF), ("medicine", 7)],
)
def test_a_list_costs_the_same_for_one_and_for_three(
    model, queries, count, client, doctor, django_assert_num_queries
):
    for _number in range(count):
        patient = visit_today(doctor, PatientFactory(gender="male")).patient
        record_current_medicine(patient=patient, medicine=medicine("metformin"), by=doctor.user)
        write(patient, "paracetamol 500 tds 3d")
    client.get(f"{LISTS}{model}/")

    with django_assert_num_queries(queries):
        page = client.get(f"{LISTS}{model}/")

    assert page.context["cl"].result_count in (count, Medicine.objects.count())


def test_prescriptions_are_searched_by_patient(client, doctor, patient):
    other = visit_today(doctor, PatientFactory(gender="male")).patient
    write(patient, "paracetamol 500 tds 3d")
    wanted = write(other, "paracetamol 500 tds 3d")

    found = client.get(f"{LISTS}prescription/", {"q": other.mrn}).context["cl"].result_list

    assert list(found) == [wanted]
    assert Prescription.objects.count() == 2
