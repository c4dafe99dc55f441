"""A certificate as its page and its PDF show it: the stored copy, and what became of it since."""

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from clinical.certificates.texts import day
from clinical.letterhead import check_of
from clinical.models import Certificate
from clinical.statuses import CertificateStatus
from hms.core.pdf import draw_letter, paper_size

LETTER = "clinical/_certificate.html"


def paper_of(request, certificate: Certificate) -> dict:
    return {
        "certificate": certificate,
        "letter": LETTER,
        "letterhead": certificate.frozen["letterhead"],
        "paper": certificate.frozen,
        "paper_size": paper_size(request),
        "number": certificate.number,
        "issued_on": certificate.frozen["issued_on"],
        "notice": notice_of(certificate),
        "check": check_of(request, certificate.document),
    }


def notice_of(certificate: Certificate) -> str:
    if certificate.status == CertificateStatus.ISSUED:
        return ""
    ended_on = day(localtime(certificate.ended_at).date())
    if certificate.status == CertificateStatus.REPLACED:
        later = certificate.replaced_by.number
        return _("Replaced on %(day)s by %(number)s") % {"day": ended_on, "number": later}
    return _("Withdrawn on %(day)s, no longer in force") % {"day": ended_on}


def pdf_of(request, certificate: Certificate) -> bytes:
    paper = paper_of(request, certificate)
    title = f"{certificate.frozen['heading']} {certificate.number}"
    return draw_letter(LETTER, paper, title=title, paper=paper["paper_size"])
