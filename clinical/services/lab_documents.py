from collections.abc import Iterable
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from clinical.models import DocumentCode, LabOrder, LabResult
from clinical.querysets import DocumentCodeQuerySet
from clinical.services.document_codes import issue_code, mark_replaced, replace_code
from clinical.statuses import DocumentKind, DocumentStatus, LabResultStatus


def code_of_sample(order: LabOrder, *, issued_on: date | None = None, by) -> DocumentCode:
    """The code of the report on the sample: issued with its first result, and again after a correction.

    When the patient gets further results, `code_for_more_results` replaces it.
    """
    return _genuine(order).first() or issue_code(
        patient=order.patient,
        kind=DocumentKind.LABORATORY_REPORT,
        issuer=_("Laboratory"),
        issued_on=issued_on,
        by=by,
    )


def replace_code_of_sample(order: LabOrder, *, by) -> None:
    """A result of the order is replaced: so are the reports that it is on, or can have been printed on."""
    on_paper = Q(lab_results__status=LabResultStatus.ACKNOWLEDGED) | Q(lab_results__order=order)
    for code in _genuine(order).filter(on_paper).distinct():
        mark_replaced(code=code, by=by)


def code_for_more_results(results: Iterable[LabResult], *, by) -> DocumentCode | None:
    """Replace the code under which the patient may have some of the sample's results on paper.

    None if none of them has been acknowledged under a code that is still genuine.
    """
    on_paper = [
        row
        for row in results
        if row.status == LabResultStatus.ACKNOWLEDGED
        and row.document
        and row.document.status == DocumentStatus.GENUINE
    ]
    if not on_paper:
        return None
    code = replace_code(code=on_paper[0].document, by=by)
    for row in on_paper:
        row.document = code
        row.save(update_fields=["document"])
    return code


def _genuine(order: LabOrder) -> DocumentCodeQuerySet:
    return DocumentCode.objects.of_sample(order).filter(status=DocumentStatus.GENUINE)
