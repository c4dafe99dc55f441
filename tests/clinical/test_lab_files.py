"""Results that are a file: judged by content, kept with the result, and open to those who read the result."""

from collections.abc import Callable

import pytest

from accounts.models import User
from clinical.exceptions import FileOfResult, FlagMissing, ResultMissing
from clinical.files.content import examine
from clinical.models import Attachment, LabOrder, LabResult
from clinical.services import (
    Finding,
    acknowledge_result,
    attach_file,
    correct_result,
    enter_result,
    release_attachment,
    release_result,
    verify_result,
    withdraw_attachment,
)
from clinical.statuses import AttachmentStatus
from hms.core.rights import SYSTEM
from tests.clinical.lab_rows import collected, job, technician
from tests.clinical.rows import doctor_at_work
from tests.clinical.uploads import HTML, PDF, SVG, picture, png_of, stored, upload
from tests.costs import READ_BY_STAFF
from tests.factories import carer_of, staff
from tests.opened import opened
from tests.scheduling.pages import text

pytestmark = [pytest.mark.django_db, pytest.mark.feature("C06")]
# session, user, permissions of the groups and of the user, results, trends, the doctor of the login,
# what waits in the department, corrections
INBOX_QUERIES = 8 + READ_BY_STAFF
OTHER_PDF = PDF.replace(b"/Count 0", b"/Count  0")


@pytest.fixture
def doctor():
    return doctor_at_work()


def finding(content: bytes = PDF, name: str = "chest.pdf", **fields) -> Finding:
    return Finding(file=examine(upload(content, name)), **{"flag": "normal"} | fields)


def entered(doctor, **fields) -> LabResult:
    return enter_result(order=collected(doctor, "cxr", **fields), finding=finding(), by=SYSTEM)


def verified(doctor, **fields) -> LabResult:
    return verify_result(result=entered(doctor, **fields), by=SYSTEM)


def released(doctor, **fields) -> LabResult:
    return release_result(result=verified(doctor, **fields), by=SYSTEM)


def acknowledged(doctor, **fields) -> LabResult:
    return acknowledge_result(result=released(doctor, **fields), by=doctor.user)


def people(doctor, patient) -> dict[str, User]:
    return {
        "lab": technician(),
        "doctor": doctor.user,
        "patient": carer_of(patient, relation="self"),
        "guardian": carer_of(patient, relation="parent"),
        "payer": carer_of(patient, may_see_records=False),
        "other doctor": doctor_at_work().user,
        "desk": staff("receptionist"),
        "administrator": staff("administrator"),
        "auditor": staff("auditor"),
    }


def test_a_file_alone_is_a_result_and_nothing_at_all_is_none(doctor):
    result = entered(doctor)
    order = collected(doctor, "ecg")

    assert (result.shown, result.flag, result.file.original_name) == ("see the file", "normal", "chest.pdf")
    assert (result.file.kind, result.file.title, result.file.is_released) == ("result", "Chest X-ray", False)
    with pytest.raises(ResultMissing):
        enter_result(order=order, finding=Finding(flag="normal"), by=SYSTEM)
    with pytest.raises(FlagMissing):
        enter_result(order=order, finding=finding(flag=""), by=SYSTEM)
    assert (LabResult.objects.count(), Attachment.objects.count()) == (1, 1)


@pytest.mark.feature("C09")
@pytest.mark.parametrize(
    ("step", "fields", "readers"),
    [
        (entered, {}, {"lab"}),
        (verified, {}, {"lab"}),
        (released, {}, {"lab", "doctor"}),
        (acknowledged, {}, {"lab", "doctor", "patient", "guardian"}),
        (acknowledged, {"confidentiality": "hidden"}, {"lab", "doctor", "patient"}),
    ],
)
def test_who_opens_the_file_at_each_step(step: Callable, fields, readers, doctor, client):
    result = step(doctor, **fields)
    around = people(doctor, result.patient)
    reference = result.file.reference

    seen = {who for who, user in around.items() if Attachment.objects.visible_to(user).exists()}
    opened_by = set()
    for who, user in around.items():
        client.force_login(user)
        path = f"/admin/files/{reference}/" if user.is_staff else f"/me/records/files/{reference}/"
        answer = client.get(path)
        if answer.status_code == 200 and answer.content == PDF:
            opened_by.add(who)

    assert (seen, opened_by) == (readers, readers)


def test_a_file_is_replaced_until_it_is_verified_and_the_old_one_is_opened_by_nobody(doctor):
    first = entered(doctor)
    old, lab = first.file, technician()

    same = enter_result(order=first.order, finding=finding(), by=lab)
    text_added = enter_result(order=first.order, finding=Finding(text="Clear lungs", flag="normal"), by=lab)
    changed = enter_result(order=first.order, finding=finding(OTHER_PDF), by=lab)

    assert (same.file, same.recorded_by, text_added.file) == (old, None, old)
    assert changed.file != old
    old.refresh_from_db()
    assert old.status == AttachmentStatus.WITHDRAWN
    assert list(Attachment.objects.visible_to(lab)) == [changed.file]


def test_a_correction_keeps_the_file_unless_another_or_none_is_given(doctor):
    first = acknowledged(doctor)
    patient = carer_of(first.patient, relation="self")

    def corrected(result, found):
        row = correct_result(result=result, finding=found, reason="Read again", by=SYSTEM)
        return release_result(result=verify_result(result=row, by=SYSTEM), by=SYSTEM)

    kept = corrected(first, Finding(text="Small effusion", flag="abnormal"))
    other = corrected(kept, finding(OTHER_PDF, flag="abnormal"))
    none = corrected(other, Finding(text="Of another patient", flag="normal", without_file=True))
    before = list(Attachment.objects.visible_to(patient))
    acknowledge_result(result=none, by=doctor.user)

    assert (kept.file, other.file == first.file, none.file) == (first.file, False, None)
    assert (before, list(Attachment.objects.visible_to(patient))) == ([first.file], [])
    assert set(Attachment.objects.visible_to(doctor.user)) == {first.file, other.file}


def test_the_file_of_a_result_follows_the_result_alone(doctor):
    file = acknowledged(doctor).file

    with pytest.raises(FileOfResult):
        release_attachment(attachment=file, is_released=False, by=doctor.user)
    with pytest.raises(FileOfResult):
        withdraw_attachment(attachment=file, reason="Mine", by=doctor.user)
    with pytest.raises(FileOfResult):
        attach_file(patient=file.patient, title="X", kind="result", upload=upload(), by=doctor.user)


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (SVG, "scan.svg", "Choose a PDF, PNG, JPEG or WebP file."),
        (HTML, "scan.pdf", "Choose a PDF, PNG, JPEG or WebP file."),
        (picture("PNG"), "scan.pdf", "Give the file its true ending."),
        (png_of(60_000, 60_000), "scan.png", "million pixels"),
    ],
)
def test_a_refused_file_is_refused_where_it_was_chosen_and_nothing_is_stored(
    content, name, words, client, lab, doctor
):
    order = collected(doctor, "cxr")
    boxes = opened(client, job(order)) | {"act": "enter", f"{order.reference}-flag": "normal"}
    before = stored()

    answer = client.post(job(order), boxes | {f"{order.reference}-upload": upload(content, name)})

    assert answer.status_code == 200
    assert words in text(answer)
    assert (LabResult.objects.count(), Attachment.objects.count(), stored()) == (0, 0, before)


def test_the_laboratory_enters_a_picture_and_the_patient_finds_it_with_the_result(client, lab, doctor):
    order = collected(doctor, "cxr")
    page = job(order)
    boxes = opened(client, page) | {"act": "enter", f"{order.reference}-flag": "normal"}
    posted = client.post(page, boxes | {f"{order.reference}-upload": upload(picture("PNG"), "chest.png")})
    shown = client.get(page)
    result = verify_result(result=LabResult.objects.get(), by=SYSTEM)
    acknowledge_result(result=release_result(result=result, by=SYSTEM), by=doctor.user)
    client.force_login(carer_of(order.patient))

    found = client.get(f"/me/records/results/{result.reference}/")
    files = client.get("/me/records/files/")

    assert posted.status_code == 302
    assert "Without the file chest.png" in text(shown)
    assert f'href="/me/records/files/{result.file.reference}/"' in found.text
    assert "Chest X-ray" in text(files)
    assert LabOrder.objects.get().status == "released"


@pytest.mark.parametrize("count", [1, 3])
def test_the_inbox_costs_the_same_for_one_file_and_for_three(
    count, client, doctor, django_assert_num_queries
):
    for _number in range(count):
        released(doctor)
    client.force_login(doctor.user)
    client.get("/admin/results/")

    with django_assert_num_queries(INBOX_QUERIES):
        page = client.get("/admin/results/")

    assert page.text.count(">chest.pdf</a>") == count
