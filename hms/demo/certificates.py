"""Certificates and letters about recent visits of the doctor with a login; one of them was withdrawn."""

from datetime import timedelta

from django.utils import timezone

from accounts.models import User
from clinical.services import issue_certificate, withdraw_certificate
from hms.demo.chance import Chance
from scheduling.access import visits_with
from scheduling.statuses import AppointmentStatus

HOW_MANY = 6
RECENT = timedelta(days=20)
MARKS = ("Mole on the left cheek", "Scar on the right forearm", "Burn mark on the left hand")
REFERRAL = (
    "Dear colleague,\n\nplease see this patient for your opinion. Findings and treatment so far are in the "
    "summary of the visit.\n\nThank you."
)


def issue_certificates(doctor: User, chance: Chance) -> None:
    since = timezone.now() - RECENT
    recent = visits_with(doctor).filter(status=AppointmentStatus.COMPLETED, started_at__gte=since)
    issued = [issue_one(visit, doctor, chance) for visit in recent.order_by("-started_at", "pk")[:HOW_MANY]]
    if len(issued) > 1:
        withdraw_certificate(certificate=issued[-1], reason="Issued for the wrong days", by=doctor)


def issue_one(visit, doctor: User, chance: Chance):
    seen_on = timezone.localdate(visit.started_at)
    kind = chance.pick({"sick_note": 0.6, "fitness": 0.2, "referral": 0.2})
    mark, last = chance.choice(MARKS), seen_on + timedelta(days=chance.randint(1, 6))
    by_kind = {
        "sick_note": {"from_on": seen_on, "to_on": last, "text": "Rest at home is advised."},
        "fitness": {"from_on": seen_on, "text": "There are no restrictions."},
        "referral": {"text": REFERRAL},
    }
    return issue_certificate(
        appointment=visit, kind=kind, identification_mark=mark, **by_kind[kind], by=doctor
    )
