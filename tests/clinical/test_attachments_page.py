"""Pages where files are attached, listed and opened, for staff and for patients."""

import pytest

from audit.models import AuditEvent
from clinical.files.store import path_of
from clinical.models import Attachment
from tests.clinical.rows import doctor_at_work, patient_of
from tests.clinical.uploads import PDF, SVG, picture, png_of, stored, upload
from tests.costs import READ, READ_BY_STAFF
from tests.factories import PatientFactory, carer_of, staff
from tests.opened import send
from tests.scheduling.pages import text

pytestmark = [pytest.mark.django_db, pytest.mark.feature("C08")]

NOT_ACCEPTED = "Choose a PDF, PNG, JPEG or WebP file. The content of this one is something else."
TOO_MANY_PIXELS = (
    "A PNG picture may have 16 million pixels. Save this one as JPEG, which may have 50, or make it smaller."
)
MISLEADING = "The name ends in .pdf, but the content is PNG. Give the file its true ending."
LIST = "/me/records/files/"
# session, person, the people cared for, number of rows, rows
QUERIES = 5 + READ
# session, person, permissions twice, patient, whether it is treated, visits, rows
PAGE_QUERIES = 8 + READ_BY_STAFF


@pytest.fixture
def patient(doctor):
    return patient_of(doctor, mrn="T123123")


@pytest.mark.parametrize(
    ("content", "name", "message"),
    [
        (SVG, "drawing.svg", NOT_ACCEPTED),
        (SVG, "../../x.png", NOT_ACCEPTED),
        (picture("PNG"), "x.pdf", MISLEADING),
        (png_of(60_000, 60_000), "x.png", TOO_MANY_PIXELS),
        (PDF + bytes(11 * 1024 * 1024), "x.pdf", "The file has more than 10 MB."),
    ],
    ids=["svg", "lies", "name", "bomb", "large"],
)  # fmt: skip
def test_an_evil_file_is_refused_where_it_is_entered_and_nothing_is_stored(
    content, name, message, client, patient, doctor
):
    client.force_login(doctor.user)
    before = stored()

    answers = {"title": "X", "kind": "report", "upload": upload(content, name)}
    response = client.post("/admin/attachments/T123123/", answers)

    assert response.context["form"].errors == {"upload": [message]}
    assert (Attachment.objects.count(), stored()) == (0, before)


def test_a_doctor_attaches_a_file_on_the_patients_page(client, patient, doctor):
    client.force_login(doctor.user)
    visit = patient.appointments.get()

    response = client.post(
        "/admin/attachments/T123123/",
        {
            "title": "X-ray",
            "kind": "image",
            "appointment": visit.pk,
            "upload": upload(picture("PNG"), "x.png"),
        },
    )

    attachment = Attachment.objects.get()
    assert (response.status_code, response.url) == (302, "/admin/attachments/T123123/")
    assert (attachment.title, attachment.appointment, attachment.is_released) == ("X-ray", visit, False)
    assert "“X-ray” is attached." in text(client.get(response.url))


def test_the_page_of_another_doctors_patient_does_not_exist(client, patient):
    client.force_login(doctor_at_work().user)
    strange = client.get("/admin/attachments/T123123/")
    client.force_login(staff("receptionist"))
    desk = client.get("/admin/attachments/T123123/")

    assert (strange.status_code, desk.status_code) == (404, 403)
    assert AuditEvent.objects.filter(outcome="refused", patient_id=patient.pk).count() == 1


def test_a_carer_who_may_not_see_records_opens_nothing(client, attach, patient):
    attachment = attach(is_released=True)
    client.force_login(carer_of(patient, may_see_records=False))

    assert client.get(f"{LIST}{attachment.reference}/").status_code == 404
    assert list(client.get(LIST).context["page"]) == []


def test_a_file_is_sent_to_be_saved_and_not_shown(client, attach, doctor):
    attachment = attach(picture("PNG"), "Röntgen “Knie”.png")
    client.force_login(doctor.user)

    answer = client.get(f"/admin/files/{attachment.reference}/")

    assert (
        answer["Content-Disposition"]
        == "attachment; filename*=utf-8''R%C3%B6ntgen%20%E2%80%9CKnie%E2%80%9D.png"
    )
    assert answer["Content-Type"] == "image/png"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "no-store" in answer["Cache-Control"]
    entry = AuditEvent.objects.get(action="download")
    assert (entry.model, entry.object_pk, entry.actor) == (
        "clinical.attachment",
        str(attachment.pk),
        doctor.user,
    )


def test_a_file_that_was_changed_on_the_disk_is_not_sent(client, attach, doctor, caplog):
    attachment = attach()
    client.force_login(doctor.user)
    path_of(attachment.stored_name).write_bytes(SVG)

    answer = client.get(f"/admin/files/{attachment.reference}/")

    assert answer.status_code == 404
    assert f"The file of attachment {attachment.reference} is missing or has changed" in caplog.text


def test_a_doctor_releases_and_withdraws_on_the_page_of_the_file(client, attach, doctor):
    attachment = attach()
    page = f"/admin/clinical/attachment/{attachment.pk}/change/"
    client.force_login(doctor.user)

    send(client, page, {"step": "release"})
    attachment.refresh_from_db()
    released = attachment.is_released
    without = send(client, page, {"step": "withdraw"})
    send(client, page, {"step": "withdraw", "reason": "Another patient's"})

    attachment.refresh_from_db()
    assert released
    assert without.context["adminform"].form.errors == {"reason": ["Give a reason."]}
    assert (attachment.status, attachment.status_reason) == ("withdrawn", "Another patient's")
    assert 'name="step"' not in client.get(page).text


@pytest.mark.parametrize("count", [1, 3])
def test_the_lists_cost_the_same_for_one_and_for_three(
    count, client, attach, doctor, patient, django_assert_num_queries
):
    for number in range(count):
        attach(is_released=True, title=f"Test {number}")
    client.force_login(doctor.user)
    client.get("/admin/attachments/T123123/")
    with django_assert_num_queries(PAGE_QUERIES):
        page = client.get("/admin/attachments/T123123/")
    client.force_login(carer_of(patient))
    with django_assert_num_queries(QUERIES):
        listed = client.get(LIST)

    assert (len(page.context["files"]), len(listed.context["page"])) == (count, count)


def test_a_file_of_a_patient_of_nobody_is_not_listed(client, attach):
    attach(is_released=True)
    client.force_login(carer_of(PatientFactory()))

    assert "No files yet" in text(client.get(LIST))
