"""Files of a record: stored with their row or not at all, opened by those who may see them."""

import os
import time

import pytest
from django.conf import settings as configured
from django.core.management import CommandError, call_command
from django.db import transaction

from clinical.exceptions import AppointmentOfAnother, NotTreating, ReasonMissing, SignedIsFinal
from clinical.files.refusals import PictureTooLarge, TooManyFiles
from clinical.files.store import path_of
from clinical.models import Attachment
from clinical.services import release_attachment, withdraw_attachment
from hms import settings as project
from hms.core.refusals import NotAllowed
from hms.core.states import StepRefused
from tests.clinical.rows import doctor_at_work, patient_of, visit_today
from tests.clinical.uploads import PDF, png_of, stored
from tests.factories import NurseFactory, carer_of, staff
from tests.scheduling.pages import text

pytestmark = [pytest.mark.django_db, pytest.mark.feature("C08")]

LIST = "/me/records/files/"


def test_a_file_is_kept_under_a_random_name_outside_the_web_root(attach):
    attachment = attach(name="../../x.pdf")

    path = path_of(attachment.stored_name)
    assert path.read_bytes() == PDF
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert len(attachment.stored_name) == 40
    assert (attachment.original_name, attachment.file_type, attachment.size) == (
        "x.pdf",
        "application/pdf",
        len(PDF),
    )
    assert not path.is_relative_to(configured.MEDIA_ROOT)


def test_by_default_files_are_in_a_folder_that_nothing_serves():
    root = project.BASE_DIR / "private" / "clinical"
    assert not root.is_relative_to(project.MEDIA_ROOT)
    assert not root.is_relative_to(project.STATIC_ROOT or project.BASE_DIR / "staticfiles")


def test_files_are_attached_by_those_who_treat_the_patient_only(attach, client, patient):
    nurse = NurseFactory(user=staff("nurse"))
    doctor = patient.appointments.get().doctor
    nurse.doctors.add(doctor)
    visit_today(doctor, patient)

    for by in (staff("receptionist"), staff("lab_technician"), staff("administrator"), carer_of(patient)):
        with pytest.raises(NotAllowed):
            attach(by=by)
    with pytest.raises(NotTreating):
        attach(by=doctor_at_work().user)

    assert attach(by=nurse.user).recorded_by == nurse.user


def test_a_visit_of_another_patient_and_a_file_too_many_are_refused(attach, doctor, settings):
    with pytest.raises(AppointmentOfAnother):
        attach(appointment=patient_of(doctor).appointments.get())
    attach()
    settings.CLINICAL_FILES = settings.CLINICAL_FILES | {"per_patient": 1}
    before = stored()

    with pytest.raises(TooManyFiles):
        attach(title="Another")

    assert stored() == before


def test_a_rollback_removes_the_file(attach):
    before = stored()

    with transaction.atomic():
        attach()
        assert stored() == before + 1
        transaction.set_rollback(True)

    assert (stored(), Attachment.objects.count()) == (before, 0)


@pytest.mark.feature("C08")
def test_the_same_file_sent_twice_is_attached_once_until_it_is_withdrawn(attach, doctor):
    first, second = attach(), attach()
    withdraw_attachment(attachment=first, reason="Wrong patient", by=doctor.user)
    third = attach()

    assert (first, Attachment.objects.count()) == (second, 2)
    assert third != first


@pytest.mark.django_db(transaction=True)
def test_a_commit_keeps_the_file_and_a_failure_around_it_does_not(attach):
    kept = attach()
    before = stored()

    @transaction.atomic
    def attach_two() -> None:
        attach()
        attach(png_of(60_000, 60_000), "x.png")

    with pytest.raises(PictureTooLarge):
        attach_two()

    assert path_of(kept.stored_name).exists()
    assert (stored(), Attachment.objects.count()) == (before, 1)
    path_of(kept.stored_name).unlink()


@pytest.mark.parametrize(
    "change",
    [
        lambda row: Attachment.objects.filter(pk=row.pk).update(sha256="0" * 64),
        lambda row: Attachment.objects.filter(pk=row.pk).delete(),
        lambda row: row.delete(),
        lambda row: setattr(row, "stored_name", "0" * 40) or row.save(),
        lambda row: setattr(row, "title", "Other") or Attachment.objects.bulk_update([row], ["title"]),
    ],
    ids=["update", "delete", "delete row", "save", "bulk_update"],
)
def test_what_is_attached_never_changes(change, attach):
    attachment = attach()

    with pytest.raises(SignedIsFinal), transaction.atomic():
        change(attachment)

    assert Attachment.objects.values_list("title", "sha256").get() == ("Blood test", attachment.sha256)


def test_the_patient_sees_a_file_once_it_is_released(client, attach, doctor, patient):
    attachment, carer = attach(), carer_of(patient)
    file = f"{LIST}{attachment.reference}/"
    client.force_login(carer)
    before = client.get(file).status_code
    release_attachment(attachment=attachment, by=doctor.user)

    opened, listed = client.get(file), client.get(LIST)
    release_attachment(attachment=attachment, is_released=False, by=doctor.user)

    assert (before, opened.status_code, client.get(file).status_code) == (404, 200, 404)
    assert opened.content == PDF
    assert "Blood test" in text(listed)
    assert "Blood test" not in text(client.get(LIST))


def test_a_withdrawn_file_is_opened_by_nobody(client, attach, doctor, patient):
    attachment = attach(is_released=True)
    with pytest.raises(ReasonMissing):
        withdraw_attachment(attachment=attachment, reason=" ", by=doctor.user)

    withdraw_attachment(attachment=attachment, reason="Another patient's", by=doctor.user)

    client.force_login(doctor.user)
    assert client.get(f"/admin/files/{attachment.reference}/").status_code == 404
    client.force_login(carer_of(patient))
    assert client.get(f"{LIST}{attachment.reference}/").status_code == 404
    with pytest.raises(StepRefused):
        release_attachment(attachment=attachment, by=doctor.user)


def test_files_that_a_crash_left_behind_are_found_and_deleted_on_request(attach, capsys):
    used = path_of(attach().stored_name)
    old, fresh, foreign = (used.with_name(name) for name in ("0" * 40, "1" * 40, "notes.txt"))
    days = {used: 2, old: 2, fresh: 0, foreign: 2}
    for path, ago in days.items():
        path.write_bytes(b"x")
        written = time.time() - ago * 86_400
        os.utime(path, (written, written))

    call_command("sweep_files")
    listed, there = capsys.readouterr().out, [path.exists() for path in days]
    call_command("sweep_files", delete=True)

    assert listed.splitlines()[0] == str(old)
    assert listed.splitlines()[1].startswith("1 files without a row found. Nothing was deleted")
    assert there == [True] * 4
    assert [path.exists() for path in days] == [True, False, True, True]


def test_files_are_not_deleted_where_most_have_no_row(attach):
    used = path_of(attach().stored_name)
    lost = [used.with_name(digit * 40) for digit in "012"]
    for path in [used, *lost]:
        path.write_bytes(b"x")
        os.utime(path, (0, 0))

    with pytest.raises(CommandError, match="wrong database"):
        call_command("sweep_files", delete=True)

    assert all(path.exists() for path in lost)
