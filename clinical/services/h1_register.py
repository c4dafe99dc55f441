"""The register of Schedule H1: what was handed out, by whose prescription, to whom.

The Drugs Rules 1945 (rule 65) ask for the name and address of the prescriber, the patient's name, the
medicine and the quantity, kept for three years. Each entry is a dispensed item of a prescription: both are
final, cannot be deleted, and show what was printed.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from clinical.models import PrescriptionItem
from clinical.prescribing.paper import quantity_in_words
from clinical.statuses import PrescriptionStatus
from hms.core.days import midnight
from hms.core.rights import require


@dataclass(frozen=True)
class Entry:
    supplied_at: datetime
    supplied_by: str
    prescription: str
    doctor: dict  # name, qualification, registration, …, as printed
    hospital: dict
    patient: dict
    medicine: str
    brand: str
    quantity: str
    is_withdrawn: bool

    @property
    def address(self) -> str:
        """The patient's, empty if only the country is known: it is filled in by itself."""
        lines = self.patient["address"]
        return ", ".join(lines) if len(lines) > 1 else ""


def h1_register(*, first: date, last: date, by) -> list[Entry]:
    """The entries of the days, both included, in their order; refuses those who do not keep the register."""
    require(by, "clinical.view_h1_register")
    items = PrescriptionItem.objects.visible_to(by).in_h1_register()
    items = items.filter(
        prescription__dispensed_at__gte=midnight(first),
        prescription__dispensed_at__lt=midnight(last + timedelta(days=1)),
    )
    ordered = items.order_by("prescription__dispensed_at", "prescription", "position")
    return [_entry(item) for item in ordered.select_related("prescription__dispensed_by")]


def _entry(item: PrescriptionItem) -> Entry:
    prescription = item.prescription
    printed = prescription.frozen
    return Entry(
        supplied_at=prescription.dispensed_at,
        supplied_by=str(prescription.dispensed_by or ""),
        prescription=prescription.reference,
        doctor=printed["letterhead"]["doctor"],
        hospital=printed["letterhead"]["hospital"],
        patient=printed["patient"],
        medicine=" ".join(filter(None, [item.name.upper(), item.strength, item.get_form_display().lower()])),
        brand=item.brand,
        quantity=quantity_in_words(item),
        is_withdrawn=prescription.status == PrescriptionStatus.WITHDRAWN,
    )
