from datetime import date

from django.utils.translation import gettext as _

from clinical.models import DocumentCode, LabOrder
from clinical.querysets import DocumentCodeQuerySet
from clinical.services.document_codes import issue_code, mark_replaced
from clinical.statuses import DocumentKind, DocumentStatus


def code_of_sample(order: LabOrder, *, issued_on: date | None = None, by) -> DocumentCode:
    """The code of the report on the sample: issued with its first result, and again after a correction."""
    return _genuine(order).first() or issue_code(
        patient=order.patient,
        kind=DocumentKind.LABORATORY_REPORT,
        issuer=_("Laboratory"),
        issued_on=issued_on,
        by=by,
    )


def replace_code_of_sample(order: LabOrder, *, by) -> None:
    """Say of all reports on the sample that they are replaced."""
    for code in _genuine(order).distinct():
        mark_replaced(code=code, by=by)


def _genuine(order: LabOrder) -> DocumentCodeQuerySet:
    return DocumentCode.objects.of_sample(order).filter(status=DocumentStatus.GENUINE)
