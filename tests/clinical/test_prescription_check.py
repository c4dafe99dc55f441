"""The check of a prescription as a table of cases; what it has no data for is "not checked"."""

from dataclasses import replace
from decimal import Decimal

import pytest

from clinical.prescribing.check import check_prescription
from clinical.prescribing.facts import (
    AllergyTo,
    PatientFacts,
    Prescribed,
    Taken,
)
from clinical.prescribing.typed import parse_schedule
from tests.clinical.drugs import (
    AMOXICILLIN,
    CEFIXIME,
    CO_AMOXICLAV,
    COLD_RELIEF,
    DICLOFENAC,
    IBUPROFEN,
    MAN,
    PARACETAMOL,
    SYRUP,
    drug,
    item,
)

pytestmark = pytest.mark.feature("C05")


CHILD = PatientFacts(age=4, sex="female", weight_kg=Decimal(15), allergies=())
PENICILLIN = AllergyTo("Penicillin", classes=frozenset({"penicillin"}))
TO_AMOXICILLIN = AllergyTo(
    "Mox", ingredients=frozenset({"amoxicillin"}), related_classes=frozenset({"penicillin"})
)
TO_DICLOFENAC = AllergyTo(
    "Diclofenac", ingredients=frozenset({"diclofenac"}), related_classes=frozenset({"nsaid"})
)


def findings(*items: Prescribed, patient: PatientFacts) -> list[tuple[str, str]]:
    """Severity and text of each finding; the standing remark about interactions is tested by itself."""
    found = check_prescription(list(items), patient=patient)
    return [(each.severity.value, each.text) for each in found if each.key != "not_checked:interactions"]


def allergic(to: AllergyTo, patient: PatientFacts = MAN) -> PatientFacts:
    return replace(patient, allergies=(to,))


CASES = {
    "nothing to remark": ([item(AMOXICILLIN)], MAN, []),
    "a brand that holds the ingredient": (
        [item(CO_AMOXICLAV)],
        allergic(TO_AMOXICILLIN),
        [
            (
                "serious",
                "amoxicillin + clavulanic acid contains amoxicillin: the patient is allergic to Mox.",
            ),
        ],
    ),
    "an allergy to the class": (
        [item(AMOXICILLIN)],
        allergic(PENICILLIN),
        [("serious", "amoxicillin is of the class penicillin: the patient is allergic to Penicillin.")],
    ),
    "penicillin and cephalosporin": (
        [item(CEFIXIME)],
        allergic(PENICILLIN),
        [
            (
                "caution",
                "cefixime is of the class cephalosporin: with the allergy to Penicillin it may react too.",
            ),
        ],
    ),
    "another of the class of the ingredient": (
        [item(IBUPROFEN)],
        allergic(TO_DICLOFENAC),
        [("serious", "ibuprofen is of the class NSAID: the patient is allergic to Diclofenac.")],
    ),
    "a broad class says nothing": (
        [item(CEFIXIME)],
        allergic(AllergyTo("Doxycycline", frozenset({"doxycycline"}), related_classes=frozenset())),
        [],
    ),
    "an allergy that the formulary does not know": (
        [item(CEFIXIME)],
        allergic(AllergyTo("Iodine contrast")),
        [
            (
                "caution",
                "The allergy to Iodine contrast could not be compared: the formulary does not know it.",
            )
        ],
    ),
    "an allergy to something else than a medicine": (
        [item(CEFIXIME)],
        allergic(AllergyTo("Pollen", is_to_medicine=False)),
        [("not_checked", "Not checked: the allergy to Pollen (the formulary does not know it).")],
    ),
    "nobody has asked about allergies": (
        [item(CEFIXIME)],
        replace(MAN, allergies=None),
        [("not_checked", "Not checked: allergies (nobody has asked the patient).")],
    ),
    "one ingredient under two names": (
        [item(PARACETAMOL), item(COLD_RELIEF)],
        MAN,
        [
            (
                "serious",
                "paracetamol and paracetamol + phenylephrine both contain paracetamol.",
            ),
            ("not_checked", "Not checked: the daily maximum of phenylephrine (the formulary has none)."),
        ],
    ),
    "one class twice, with a current medicine": (
        [item(IBUPROFEN)],
        replace(MAN, taken=(Taken("diclofenac 50 mg", DICLOFENAC),)),
        [("caution", "ibuprofen and diclofenac 50 mg are both of the class NSAID.")],
    ),
    "two antibacterials are no duplicate": ([item(AMOXICILLIN), item(CEFIXIME)], MAN, []),
    "exactly the daily maximum": ([item(PARACETAMOL, "2-2-2-2")], MAN, []),
    "above the daily maximum": (
        [item(PARACETAMOL, "2-2-2-2.5")],
        MAN,
        [("serious", "paracetamol: 4250 mg a day, above the daily maximum of 4000 mg.")],
    ),
    "the highest day of a taper counts": (
        [item(PARACETAMOL, "2 days 3-3-3 then 5 days 1-0-0")],
        MAN,
        [("serious", "paracetamol: 4500 mg a day, above the daily maximum of 4000 mg.")],
    ),
    "a child's dose by weight, just allowed": ([item(SYRUP, "1-1-1", "18", "mL")], CHILD, []),
    "a child's dose by weight, too high": (
        [item(SYRUP, "1-1-1", "18.1", "mL")],
        CHILD,
        [("serious", "amoxicillin: 1357.5 mg a day, above the daily maximum of 1350 mg.")],
    ),
    "a heavy child has the adults' maximum": (
        [item(AMOXICILLIN, "3-3-3")],
        replace(CHILD, age=17, sex="male", weight_kg=Decimal(90)),
        [("serious", "amoxicillin: 4500 mg a day, above the daily maximum of 3000 mg.")],
    ),
    "a child without a weight": (
        [item(SYRUP, "1-1-1", "5", "mL")],
        replace(CHILD, weight_kg=None),
        [("not_checked", "Not checked: the daily maximum of amoxicillin (weight missing).")],
    ),
    "a child, and no maximum for children": (
        [item(DICLOFENAC)],
        CHILD,
        [
            (
                "not_checked",
                "Not checked: the daily maximum of diclofenac (the formulary has none for children).",
            )
        ],
    ),
    "as needed without a limit": (
        [item(PARACETAMOL, "sos")],
        MAN,
        [("not_checked", "Not checked: the daily maximum of paracetamol (amount per day unknown).")],
    ),
    "on the skin": ([item(DICLOFENAC, "1-1-1", is_systemic=False, unit="application")], MAN, []),
    "pregnancy is not known": (
        [item(IBUPROFEN)],
        replace(MAN, age=30, sex="female"),
        [
            (
                "not_checked",
                "Not checked: pregnancy (not recorded); ibuprofen in pregnancy: avoid from 20 weeks.",
            )
        ],
    ),
    "an unknown medicine": (
        [Prescribed("Dashmool", None, parse_schedule("1-0-1"))],
        replace(MAN, taken=(Taken("something for sleep"),)),
        [
            ("not_checked", "Not checked: Dashmool (not in the formulary)."),
            ("not_checked", "Not checked: something for sleep (not in the formulary)."),
        ],
    ),
}


ASPIRIN = drug("aspirin", "salicylate", "antiplatelet", aspirin=(75, 4000, 80))
DOXYCYCLINE = drug("doxycycline", "tetracycline", doxycycline=(100, 200, 4))
MINOCYCLINE = drug("minocycline", "tetracycline", minocycline=(50, 200, 4))
CIPROFLOXACIN = drug("ciprofloxacin", "fluoroquinolone", ciprofloxacin=(500, 1500, 30))
CODEINE = drug("codeine", "opioid", codeine=(15, 240, 3))
AGES = {
    ASPIRIN: (16, "aspirin is not for patients below 16 years: Reye's syndrome (MHRA 2003)."),
    DOXYCYCLINE: (8, "doxycycline is not for patients below 8 years: teeth may be discoloured (FDA)."),
    MINOCYCLINE: (12, "minocycline is not for patients below 12 years: teeth may be discoloured (BNFC)."),
    CIPROFLOXACIN: (
        18,
        (
            "ciprofloxacin is not for patients below 18 years: "
            "joints and tendons may be damaged (FDA, EMA 2018)."
        ),
    ),
    CODEINE: (
        12,
        "codeine is not for patients below 12 years: breathing may be depressed (MHRA 2013, EMA 2013).",
    ),
}


@pytest.mark.parametrize("medicine", AGES, ids=lambda medicine: medicine.name)
def test_a_medicine_has_an_age_below_which_it_needs_a_reason(medicine):
    below, text = AGES[medicine]
    young, old = (replace(MAN, age=age, weight_kg=Decimal(70)) for age in (below - 1, below))
    on_the_skin = item(medicine, is_systemic=False)

    assert findings(item(medicine), patient=young) == [("caution", text)]
    assert findings(item(medicine), patient=old) == []
    assert findings(on_the_skin, patient=young) == []


def test_a_doubtful_weight_needs_a_reason_and_is_not_used_for_doses():
    doubtful = replace(CHILD, weight_doubt="far from what is usual at this age")

    assert findings(item(SYRUP, "1-1-1", "30", "mL"), patient=doubtful) == [
        ("caution", "The weight of 15 kg is not plausible: far from what is usual at this age."),
        ("not_checked", "Not checked: dose by weight (weight not plausible)."),
        ("not_checked", "Not checked: the daily maximum of amoxicillin (weight not plausible)."),
    ]


@pytest.mark.parametrize("case", CASES)
def test_the_check_finds(case):
    items, patient, expected = CASES[case]

    assert findings(*items, patient=patient) == expected


def test_a_finding_has_the_same_key_in_every_check():
    items = [item(CO_AMOXICLAV), item(AMOXICILLIN)]

    first = check_prescription(items, patient=allergic(TO_AMOXICILLIN))
    second = check_prescription(list(reversed(items)), patient=allergic(TO_AMOXICILLIN))

    keys = {each.key for each in first if each.code == "allergy"}
    assert keys == {each.key for each in second if each.code == "allergy"}
    assert len(keys) == 2
