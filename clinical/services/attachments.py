from datetime import timedelta
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.core.files.base import File
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Patient
from accounts.names import tidy
from clinical.exceptions import AppointmentOfAnother, FileOfResult, ReasonMissing
from clinical.files.content import CleanFile, examine
from clinical.files.refusals import TooManyFiles
from clinical.files.store import keep, written_before
from clinical.models import Attachment, LabOrder
from clinical.services.rights import lock_row_to_record, lock_to_record
from clinical.statuses import AttachmentKind, AttachmentStatus
from hms.core.locks import lock_row
from hms.core.rights import person, require
from hms.core.states import move, require_step
from hms.core.transactions import retried_atomic
from scheduling.models import Appointment


def attach_file(
    *,
    patient: Patient,
    appointment: Appointment | None = None,
    title: str,
    kind: str,
    upload: File,
    is_released: bool = False,
    by,
) -> Attachment:
    """Add a file to the record; refuses like `examine`, beyond the patient's limit, and without treating.

    The same file with the same title is in the record once, until it is withdrawn.
    The file is examined before the transaction, which holds locks.
    """
    require(by, "clinical.add_attachment")
    if kind == AttachmentKind.RESULT:
        raise FileOfResult
    attachment = Attachment(
        patient=patient,
        appointment=appointment,
        title=tidy(title),
        kind=kind,
        is_released=is_released,
        recorded_by=person(by),
    )
    return _attach(attachment, examine(upload), by=by)


@retried_atomic
def _attach(attachment: Attachment, file: CleanFile, *, by) -> Attachment:
    patient = attachment.patient
    lock_to_record(patient, by=by, permission="clinical.add_attachment")
    if attachment.appointment and attachment.appointment.patient_id != patient.pk:
        raise AppointmentOfAnother
    same = Attachment.objects.exclude(status=AttachmentStatus.WITHDRAWN).filter(
        patient=patient,
        appointment=attachment.appointment,
        title=attachment.title,
        kind=attachment.kind,
        sha256=sha256(file.content).hexdigest(),
    )
    return same.first() or _stored(attachment, file)


def _stored(attachment: Attachment, file: CleanFile) -> Attachment:
    """Write the file and its row; refuses beyond the patient's limit."""
    patient = attachment.patient
    most = settings.CLINICAL_FILES["per_patient"]
    if Attachment.objects.filter(patient=patient).count() >= most:
        raise TooManyFiles(most=most)
    attachment.pk = None
    attachment.original_name, attachment.file_type = file.name, file.file_type
    attachment.size, attachment.sha256 = len(file.content), sha256(file.content).hexdigest()
    attachment.full_clean(exclude={"stored_name"}, validate_unique=False)
    attachment.stored_name = keep(file.content)
    attachment.save(force_insert=True)
    return attachment


def file_of_result(order: LabOrder, file: CleanFile, *, by) -> Attachment:
    """Keep the file of a result; whoever reads the result opens it. The caller has the laboratory's right."""
    return _stored(
        Attachment(
            patient=order.patient, appointment=order.appointment, title=order.test.name,
            kind=AttachmentKind.RESULT, recorded_by=person(by), confidentiality=order.confidentiality,
        ),
        file,
    )  # fmt: skip


def replace_file_of_result(attachment: Attachment) -> None:
    """Withdraw a file that was replaced before anybody verified the result."""
    row = lock_row(Attachment.objects.all(), pk=attachment.pk)
    move(row, AttachmentStatus.WITHDRAWN, status_reason=_("Replaced before it was verified"))


def files_without_row() -> tuple[list[Path], int]:
    """The files of more than a day ago that belong to no row, and the number of those that do."""
    files = list(written_before(timezone.now() - timedelta(days=1)))
    names = set(Attachment.objects.values_list("stored_name", flat=True))
    left = [path for path in files if path.name not in names]
    return left, len(files) - len(left)


@retried_atomic
def release_attachment(*, attachment: Attachment, is_released: bool = True, by) -> Attachment:
    """Show the file to the patient, or no longer; refuses a withdrawn file, and that of a result."""
    attachment = _locked_to_change(attachment, by=by)
    if attachment.status != AttachmentStatus.CURRENT:
        require_step(attachment.status, AttachmentStatus.CURRENT)
    attachment.is_released = is_released
    attachment.save(update_fields=["is_released"])
    return attachment


@retried_atomic
def withdraw_attachment(*, attachment: Attachment, reason: str, by) -> Attachment:
    """Take a file out of use, for example one of another patient; nobody opens it any longer.

    The row and the file stay. Refuses without a reason, and the file of a result.
    """
    attachment, reason = _locked_to_change(attachment, by=by), tidy(reason)
    if not reason:
        raise ReasonMissing
    move(attachment, AttachmentStatus.WITHDRAWN, status_reason=reason)
    return attachment


def _locked_to_change(attachment: Attachment, *, by) -> Attachment:
    row = lock_row_to_record(attachment, by=by)
    if row.kind == AttachmentKind.RESULT:
        raise FileOfResult
    return row
