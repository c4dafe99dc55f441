"""Administrators manage doctors in forms and by import and export."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from scheduling.models import Doctor
from tests.factories import (
    BranchFactory,
    DepartmentFactory,
    DoctorFactory,
    WeeklyScheduleFactory,
    staff,
)
from tests.opened import send
from tests.scheduling.admin_day import (
    change_page,
    doctor_form,
    errors,
    list_page,
    page,
    run_import,
    shift_row,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday_morning", "administrator")]


def picture(kind: str = "PNG", size=(1200, 800)) -> SimpleUploadedFile:
    out = BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "Taken at home"
    Image.new("RGB", size, "teal").save(out, kind, exif=exif)
    return SimpleUploadedFile(f"me.{kind.lower()}", out.getvalue(), f"image/{kind.lower()}")


@pytest.mark.feature("S02")
def test_a_doctor_is_added_with_a_shift(client):
    department, branch = DepartmentFactory(), BranchFactory()
    new = DoctorFactory.build(department=department)
    shift = WeeklyScheduleFactory.build(doctor=None, branch=branch)
    form = doctor_form(new) | shift_row(0, shift) | {"schedules-TOTAL_FORMS": 1}

    response = client.post(page("scheduling_doctor_add"), form)

    doctor = Doctor.objects.get()
    assert response.url == list_page(Doctor)
    assert doctor.full_name == new.full_name
    assert [str(row.starts_at) for row in doctor.schedules.all()] == ["09:00:00"]


@pytest.mark.feature("S02")
def test_a_registration_number_belongs_to_one_doctor(client):
    other = DoctorFactory()
    new = DoctorFactory.build(department=other.department)

    response = client.post(
        page("scheduling_doctor_add"),
        doctor_form(new, registration_number=other.registration_number),
    )

    assert errors(response) == {
        "registration_number": [f"“{other.registration_number}” already belongs to {other}."]
    }


@pytest.mark.feature("S02")
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_photograph_is_re_encoded_and_small(client, kind):
    doctor = DoctorFactory()

    send(client, change_page(doctor), doctor_form(doctor, photo=picture(kind)))

    doctor.refresh_from_db()
    with Image.open(doctor.photo) as image:
        kept = (image.format, image.size, dict(image.getexif()))
    assert kept == ("JPEG", (640, 427), {})
    assert doctor.photo.name.startswith(f"doctors/{doctor.reference}")


def gif() -> SimpleUploadedFile:
    out = BytesIO()
    Image.new("RGB", (8, 8)).save(out, "GIF")
    return SimpleUploadedFile("me.png", out.getvalue(), "image/png")


@pytest.mark.feature("S02")
@pytest.mark.parametrize(
    "upload",
    [
        SimpleUploadedFile("me.png", b"<script>alert(1)</script>", "image/png"),
        SimpleUploadedFile("me.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml"),
        gif(),
        picture("PNG", (9000, 10)),
        SimpleUploadedFile("me.png", picture().read() + b"\0" * 5_300_000, "image/png"),
    ],
    ids=["script", "svg", "gif named png", "too wide", "too heavy"],
)
def test_a_file_that_is_not_a_valid_photograph_is_refused_at_the_field(client, upload):
    doctor = DoctorFactory()
    upload.seek(0)

    response = send(client, change_page(doctor), doctor_form(doctor, photo=upload))

    doctor.refresh_from_db()
    assert list(errors(response)) == ["photo"]
    assert not doctor.photo


@pytest.mark.feature("S02")
def test_doctors_are_filtered_by_the_end_of_their_registration(client):
    today = timezone.localdate()
    expired, soon, later = (
        DoctorFactory(registration_expires_on=today + timedelta(days=days)) for days in (-1, 20, 80)
    )
    DoctorFactory()

    listed = {
        value: list(client.get(list_page(Doctor), {"registration": value}).context["cl"].queryset)
        for value in ("expired", "30", "90")
    }

    assert listed == {"expired": [expired], "30": [soon], "90": [soon, later]}


@pytest.mark.feature("S02")
def test_only_administrators_see_a_doctors_address_and_login(client):
    doctor = DoctorFactory(street="7 Secret Lane")

    to_administrator = client.get(change_page(doctor))
    client.force_login(staff("receptionist"))
    to_receptionist = client.get(change_page(doctor))

    assert b"7 Secret Lane" in to_administrator.content
    assert to_receptionist.status_code == 200
    assert b"7 Secret Lane" not in to_receptionist.content


@pytest.mark.feature("A06")
def test_doctors_are_exported_and_imported_again(client):
    doctor = DoctorFactory(full_name="Dr Asha Rao")
    table = client.post(page("scheduling_doctor_export"), {"format": "0"}).content.decode()
    changed = table.replace("Dr Asha Rao", "Dr Asha Rao-Pai").encode()

    response = run_import(client, changed)

    doctor.refresh_from_db()
    assert response.status_code == 302
    assert doctor.full_name == "Dr Asha Rao-Pai"


@pytest.mark.feature("A06")
def test_an_import_leaves_out_an_invalid_row(client):
    doctor = DoctorFactory(full_name="Dr Asha Rao")
    wrong = DoctorFactory(full_name="Dr Wrong Fee", fee=777)
    table = client.post(page("scheduling_doctor_export"), {"format": "0"}).content.decode()
    changed = table.replace("Dr Asha Rao", "Dr Asha Rao-Pai").replace("777.00", "-1")

    response = run_import(client, changed.encode())

    doctor.refresh_from_db()
    wrong.refresh_from_db()
    assert response.status_code == 302
    assert (doctor.full_name, wrong.fee) == ("Dr Asha Rao-Pai", 777)


@pytest.mark.feature("A06")
def test_a_doctor_is_found_by_the_registration_number_in_any_case(client):
    doctor = DoctorFactory(registration_number="KMC-1")

    run_import(client, b"registration_number,full_name\n kmc-1 ,Dr Asha Rao-Pai\n")

    assert list(Doctor.objects.values_list("pk", "registration_number", "full_name")) == [
        (doctor.pk, "KMC-1", "Dr Asha Rao-Pai")
    ]


@pytest.mark.feature("A06")
@pytest.mark.parametrize(
    ("column", "cell", "words"),
    [
        ("registration_expires_on", "03/04/2030", "Write dates as YYYY-MM-DD, for example 1984-03-27."),
        ("languages", "hi,Klingon", "There is no language with the code Klingon."),
        ("department", "nowhere", "There is no department with the code nowhere."),
        ("specialization", "Magician", "There is no specialization with the name Magician."),
        ("is_active", "perhaps", "“perhaps” is neither 1 (yes) nor 0 (no)."),
    ],
)
def test_what_an_import_of_doctors_does_not_understand_is_refused(client, column, cell, words):
    doctor = DoctorFactory(registration_number="KMC-1")
    hindi = doctor.languages.create(code="hi", name="Hindi")

    page = run_import(client, f'registration_number,{column}\nKMC-1,"{cell}"\n'.encode())

    kept = Doctor.objects.get()
    assert words in page.text
    assert list(kept.languages.all()) == [hindi]
    assert (kept.is_active, kept.registration_expires_on) == (True, doctor.registration_expires_on)


@pytest.mark.feature("A06")
def test_an_empty_cell_of_a_doctor_changes_nothing(client):
    doctor = DoctorFactory(registration_number="KMC-1", is_active=False)
    hindi = doctor.languages.create(code="hi", name="Hindi")

    run_import(client, b"registration_number,full_name,is_active,languages\nKMC-1,Dr New Name,,\n")

    kept = Doctor.objects.get()
    assert (kept.full_name, kept.is_active, list(kept.languages.all())) == ("Dr New Name", False, [hindi])
