"""What the patient takes home from a visit, as its page, its print view and its PDF show it."""

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from clinical.certificates.texts import day
from clinical.lab_reports import reports_of
from clinical.letterhead import check_of
from clinical.models import Addendum, Attachment, Certificate, Encounter, LabResult, Prescription
from clinical.statuses import CertificateStatus
from hms.core.pdf import draw_letter, paper_size

LETTER = "clinical/_visit_summary.html"


def summary_of(user, encounter: Encounter) -> dict:
    """Diagnoses, addenda, and what of the visit is in force and open to the user; never the notes."""
    visit = encounter.appointment_id
    results = LabResult.objects.visible_to(user).filter(order__appointment=visit).for_patients()
    rows = results.for_report().order_by("order__collected_at", "order__test__position", "pk")
    prescriptions = Prescription.objects.visible_to(user).filter(appointment=visit).in_force()
    certificates = Certificate.objects.visible_to(user).filter(appointment=visit)
    return {
        "encounter": encounter,
        "diagnoses": list(encounter.diagnoses.all()),
        "addenda": list(Addendum.objects.visible_to(user).filter(encounter=encounter).for_list()),
        "prescriptions": list(prescriptions.for_paper().order_by("signed_at")),
        "reports": reports_of(results.none(), rows),
        "certificates": list(certificates.filter(status=CertificateStatus.ISSUED)),
        "files": list(Attachment.objects.visible_to(user).filter(appointment=visit).current()),
    }


def paper_of(request, encounter: Encounter) -> dict:
    return summary_of(request.user, encounter) | {
        "title": _("Summary of the visit on %(day)s") % {"day": day(visited_on(encounter))},
        "letter": LETTER,
        "letterhead": encounter.frozen["letterhead"],
        "patient": encounter.frozen["patient"],
        "visited_on": day(visited_on(encounter)),
        "paper_size": paper_size(request),
        "number": encounter.appointment.reference,
        "issued_on": day(encounter.document.issued_on),
        "check": check_of(request, encounter.document),
    }


def visited_on(encounter: Encounter):
    return localdate(encounter.appointment.starts_at)


def pdf_of(request, encounter: Encounter) -> bytes:
    paper = paper_of(request, encounter)
    return draw_letter(LETTER, paper, title=paper["title"], paper=paper["paper_size"])
