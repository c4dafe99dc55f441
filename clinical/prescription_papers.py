"""A signed prescription as its page and its PDF show it: the stored copy, and what became of it since."""

from datetime import date

from django.utils.formats import date_format
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext as _

from clinical.letterhead import check_of
from clinical.models import Prescription
from clinical.prescribing.paper import paper_items
from clinical.statuses import PrescriptionStatus
from hms.core.pdf import draw_letter, paper_size
from scheduling.statuses import VisitMode

LETTER = "clinical/_prescription.html"


def paper_of(request, prescription: Prescription) -> dict:
    frozen = prescription.frozen
    return {
        "prescription": prescription,
        "letter": LETTER,
        "letterhead": frozen["letterhead"],
        "patient": frozen["patient"],
        "items": paper_items(prescription.items.all()),
        "mode": VisitMode(frozen["visit"]["mode"]),
        "is_video": frozen["visit"]["mode"] == VisitMode.VIDEO,
        "number": frozen["number"],
        "issued_on": date_format(date.fromisoformat(frozen["issued_on"]), "j F Y"),
        "notice": notice_of(prescription),
        "check": check_of(request, prescription.document),
        "paper_size": paper_size(request),
    }


def notice_of(prescription: Prescription) -> str:
    if prescription.status == PrescriptionStatus.WITHDRAWN:
        day = date_format(localtime(prescription.withdrawn_at).date(), "j F Y")
        return _("Withdrawn on %(day)s, do not use") % {"day": day}
    if prescription.valid_until < localdate():
        return _("No longer valid: it was valid until %(day)s") % {
            "day": date_format(prescription.valid_until, "j F Y")
        }
    return ""


def pdf_of(request, prescription: Prescription) -> bytes:
    paper = paper_of(request, prescription)
    title = _("Prescription %(number)s") % {"number": paper["number"]}
    return draw_letter(LETTER, paper, title=title, paper=paper["paper_size"])
