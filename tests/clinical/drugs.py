"""Medicines and a patient, as values, for the tests of the check."""

from decimal import Decimal

from clinical.prescribing.facts import Content, Drug, PatientFacts, Prescribed
from clinical.prescribing.typed import parse_schedule


def drug(name: str, *classes: str, per: str = "unit", pregnancy: str = "", **contents) -> Drug:
    """`contents`: ingredient=(mg, adult maximum, maximum per kg)."""
    parts = tuple(
        Content(ingredient, *(None if value is None else Decimal(str(value)) for value in values))
        for ingredient, values in contents.items()
    )
    return Drug(name, parts, frozenset(classes), per, pregnancy)


AMOXICILLIN = drug("amoxicillin", "penicillin", "antibacterial", amoxicillin=(500, 3000, 90))
SYRUP = drug("amoxicillin", "penicillin", "antibacterial", per="mL", amoxicillin=(25, 3000, 90))
CO_AMOXICLAV = drug(
    "amoxicillin + clavulanic acid",
    "penicillin",
    "antibacterial",
    amoxicillin=(500, 3000, 90),
    clavulanic=(125, 375, None),
)
CEFIXIME = drug("cefixime", "cephalosporin", "antibacterial", cefixime=(200, 400, 8))
PARACETAMOL = drug("paracetamol", "analgesic", paracetamol=(500, 4000, 60))
COLD_RELIEF = drug("paracetamol + phenylephrine", paracetamol=(500, 4000, 60), phenylephrine=(10, None, None))
IBUPROFEN = drug("ibuprofen", "nsaid", pregnancy="avoid from 20 weeks", ibuprofen=(400, 2400, 30))
DICLOFENAC = drug("diclofenac", "nsaid", diclofenac=(50, 150, None))

MAN = PatientFacts(age=40, sex="male", weight_kg=Decimal(70), allergies=())


def item(medicine: Drug, schedule: str = "1-0-1", dose="1", unit: str = "unit", **more) -> Prescribed:
    return Prescribed(medicine.name, medicine, parse_schedule(schedule), Decimal(dose), unit, **more)
