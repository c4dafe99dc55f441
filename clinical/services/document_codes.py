from datetime import date, datetime

from django.utils import timezone

from accounts.models import Patient
from clinical.models import DocumentCode
from clinical.statuses import DocumentKind, DocumentStatus
from hms.core.locks import lock_row
from hms.core.rights import person, require
from hms.core.states import move
from hms.core.transactions import retried_atomic


@retried_atomic
def issue_code(
    *, patient: Patient, kind: DocumentKind, issuer: str, issued_on: date | None = None, by
) -> DocumentCode:
    """Give a document its code; the service that issues or signs the document calls this in its transaction.

    `issuer` is the doctor's or the laboratory's name, which the public page shows.
    """
    require(by, "clinical.add_documentcode")
    code = code_of(patient=patient, kind=kind, issuer=issuer, at=timezone.now(), by=by)
    code.issued_on = issued_on or code.issued_on
    code.full_clean(validate_unique=False)
    code.save()
    return code


def code_of(*, patient: Patient, kind: DocumentKind, issuer: str, at: datetime, by) -> DocumentCode:
    """The code of a document that is issued at this moment, not yet saved."""
    return DocumentCode(
        patient=patient,
        kind=kind,
        issuer=issuer,
        issued_on=timezone.localdate(at),
        recorded_at=at,
        recorded_by=person(by),
    )


@retried_atomic
def mark_replaced(*, code: DocumentCode, by) -> DocumentCode:
    """Say on the public page that a later document replaces this one; refuses one that is not genuine."""
    return _end(code, DocumentStatus.REPLACED, by=by)


@retried_atomic
def replace_code(*, code: DocumentCode, by) -> DocumentCode:
    """Mark the code as replaced and give the document, which says something else now, another one."""
    mark_replaced(code=code, by=by)
    return issue_code(patient=code.patient, kind=DocumentKind(code.kind), issuer=code.issuer, by=by)


@retried_atomic
def mark_withdrawn(*, code: DocumentCode, by) -> DocumentCode:
    """Say on the public page that the document is withdrawn; refuses one that is not genuine."""
    return _end(code, DocumentStatus.WITHDRAWN, by=by)


def _end(code: DocumentCode, status: DocumentStatus, *, by) -> DocumentCode:
    require(by, "clinical.change_documentcode")
    code = lock_row(DocumentCode.objects.all(), pk=code.pk)
    move(code, status, ended_at=timezone.now())
    return code
