"""What an import of the directory refuses in words, and the addresses of its pages."""

from datetime import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from hms.core.rights import SYSTEM
from scheduling.models import Department
from scheduling.services import book_appointment, cancel_appointment
from tests.factories import DepartmentFactory, PatientFactory, at, doctor_with_hours
from tests.scheduling.admin_day import page, run_import

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.feature("A06"),
    pytest.mark.usefixtures("wednesday_morning", "administrator"),
]


@pytest.mark.parametrize(("model", "key"), [("department", "slug"), ("doctor", "registration_number")])
def test_a_file_does_not_close_what_visits_are_coming_to(client, model, key):
    doctor = doctor_with_hours(registration_number="KMC-1", department=DepartmentFactory(slug="hearts"))
    booked = book_appointment(patient=PatientFactory(), doctor=doctor, starts_at=at(9), by=SYSTEM)
    row = doctor.department if model == "department" else doctor
    table = f"{key},is_active\n{getattr(row, key)},0\n".encode()

    refused = run_import(client, table, model)
    cancel_appointment(appointment=booked, by=SYSTEM)
    accepted = run_import(client, table, model)

    assert refused.context["bad"] == [
        (
            2,
            ["is_active: 1 visit is still to come. Move or cancel it first, or close this on its own page."],
        )
    ]
    row.refresh_from_db()
    assert (accepted.status_code, row.is_active) == (302, False)


def test_a_broken_constraint_is_named_at_its_column_in_words(client):
    DepartmentFactory(slug="hearts", opens_at=time(8), closes_at=time(18))

    shown = run_import(client, b"slug,opens_at\nhearts,19:00\n", "department")

    assert shown.context["bad"] == [
        (2, ["closes at (closes_at): This must hold: department closes after it opens."])
    ]


def test_pages_of_an_import_are_read_again_and_nothing_is_imported_twice(client):
    """Reload and the browser's Back button ask for an address; only the last button sends a form."""
    table = SimpleUploadedFile("t.csv", b"address name,name,opens_at,closes_at\neyes,Eye care,09:00,17:00\n")
    columns = client.post(page("scheduling_department_import"), {"import_file": table})
    form = client.get(columns.url).context["form"]
    sent = {name: form[name].value() or "" for name in form.fields} | {"column_0": "slug"}
    preview = client.post(columns.url, sent)

    twice = [client.get(preview.url) for _reload in range(2)]
    answers = [
        client.post(page("scheduling_department_process_import"), twice[0].context["confirm_form"].initial)
        for _sent in range(2)
    ]
    back = [client.get(address) for address in (preview.url, columns.url)]

    assert twice[0].context["confirm_form"].initial == twice[1].context["confirm_form"].initial
    assert [answer.status_code for answer in answers] == [302, 302]
    assert [answer.url for answer in back] == [page("scheduling_department_import")] * 2
    assert list(Department.objects.values_list("slug", flat=True)) == ["eyes"]
