"""The report on one sample as its print view and its PDF show it."""

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from clinical.certificates.texts import day
from clinical.lab_reports import Report
from clinical.letterhead import block_of, check_of, hospital_details
from clinical.models import DocumentCode
from clinical.statuses import DocumentStatus
from hms.core.pdf import draw_letter, paper_size

LETTER = "clinical/_lab_report.html"


def paper_of(request, report: Report) -> dict:
    first, code = report.first, code_of(request.user, report)
    return {
        "report": report,
        "title": report.title,
        "letter": LETTER,
        "letterhead": {"hospital": hospital_details()},
        "patient": block_of(first.patient, localdate(first.order.collected_at)),
        "paper_size": paper_size(request),
        "number": first.order.label,
        "issued_on": day(code.issued_on if code else localdate(first.released_at)),
        "notice": notice_of(code, report),
        "check": check_of(request, code),
    }


def code_of(user, report: Report) -> DocumentCode | None:
    """The latest code of the sample; while a result is being corrected, that of the report with it."""
    codes = DocumentCode.objects.visible_to(user).of_sample(report.first.order)
    results = [line.result for line in report.lines]
    if corrected := [result.document_id for result in results if result.is_being_corrected]:
        codes = codes.filter(pk__in=corrected)
    return codes.first()


def notice_of(code: DocumentCode | None, report: Report) -> str:
    is_genuine = code is None or code.status == DocumentStatus.GENUINE
    if is_genuine and not any(line.result.is_being_corrected for line in report.lines):
        return ""
    return _("The laboratory is correcting this report. Ask for the corrected one.")


def pdf_of(request, report: Report) -> bytes:
    paper = paper_of(request, report)
    title = _("Laboratory report %(number)s") % {"number": paper["number"]}
    return draw_letter(LETTER, paper, title=title, paper=paper["paper_size"])
