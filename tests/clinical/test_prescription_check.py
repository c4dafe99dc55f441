"""The check of a prescription as a table of cases; what it has no data for is "not checked"."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinical.prescribing.check import check_prescription
from clinical.prescribing.facts import (
    AllergyTo,
    Content,
    Drug,
    Interaction,
    InteractionData,
    PatientFacts,
    Prescribed,
    Taken,
)
from clinical.prescribing.typed import parse_schedule
from clinical.statuses import InteractionLevel

pytestmark = pytest.mark.feature("C05")


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
CHILD = PatientFacts(age=4, sex="female", weight_kg=Decimal(15), allergies=())
PENICILLIN = AllergyTo("Penicillin", classes=frozenset({"penicillin"}))
TO_AMOXICILLIN = AllergyTo(
    "Mox", ingredients=frozenset({"amoxicillin"}), related_classes=frozenset({"penicillin"})
)
TO_DICLOFENAC = AllergyTo(
    "Diclofenac", ingredients=frozenset({"diclofenac"}), related_classes=frozenset({"nsaid"})
)


def item(medicine: Drug, schedule: str = "1-0-1", dose="1", unit: str = "unit", **more) -> Prescribed:
    return Prescribed(medicine.name, medicine, parse_schedule(schedule), Decimal(dose), unit, **more)


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
                "not_checked",
                "Not checked: the allergy to Iodine contrast (the formulary does not know it).",
            )
        ],
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


@pytest.mark.parametrize("case", CASES)
def test_the_check_finds(case):
    items, patient, expected = CASES[case]

    assert findings(*items, patient=patient) == expected


WARFARIN = drug("warfarin", "anticoagulant", warfarin=(5, None, None))
TIMOLOL = drug("timolol", "beta_blocker", timolol=(None, None, None))
HERB = drug("drotaverine", "antispasmodic", drotaverine=(40, None, None))
FIRST = InteractionData(
    "FIRST 1",
    frozenset(
        {"ibuprofen", "diclofenac", "warfarin", "paracetamol", "timolol", "amoxicillin", "phenylephrine"}
    ),
    (
        Interaction("warfarin", "ibuprofen", InteractionLevel.NOT_ADVISED, "bleeding"),
        Interaction("ibuprofen", "warfarin", InteractionLevel.CONSIDER, "more bleeding"),
        Interaction("amoxicillin", "warfarin", InteractionLevel.PRECAUTION, "check the INR"),
        Interaction("paracetamol", "warfarin", InteractionLevel.CONSIDER),
        Interaction("timolol", "warfarin", InteractionLevel.CONTRAINDICATED, "invented"),
        Interaction("paracetamol", "phenylephrine", InteractionLevel.CONTRAINDICATED, "invented"),
    ),
)
SECOND = InteractionData(
    "SECOND 2",
    frozenset({"nsaid", "anticoagulant"}),
    (
        Interaction("nsaid", "anticoagulant", InteractionLevel.CONTRAINDICATED, "by class"),
        Interaction("nsaid", "nsaid", InteractionLevel.NOT_ADVISED, "by class"),
    ),
)
BLEEDING = "Not advised: bleeding (FIRST 1). To be considered: more bleeding (FIRST 1)."
IF_ABSORBED = " if enough of what is used locally is absorbed."
OUTSIDE = ("not_checked", "Not checked: interactions outside the data set FIRST 1.")
INTERACTIONS = {
    "no data set": (
        [item(WARFARIN), item(IBUPROFEN)], (), (),
        [("not_checked", "Not checked: interactions (no data set is loaded).")],
    ),
    "two levels about one pair": (
        [item(WARFARIN), item(IBUPROFEN)], (), (FIRST,),
        [
            (
                "serious",
                f"ibuprofen and warfarin interact. {BLEEDING}",
            ),
            OUTSIDE,
        ],
    ),
    "with a current medicine": (
        [item(AMOXICILLIN)], (Taken("Warf 5", WARFARIN),), (FIRST,),
        [
            ("caution", "amoxicillin and Warf 5 interact. Precaution needed: check the INR (FIRST 1)."),
            OUTSIDE,
        ],
    ),
    "a note needs no reason": (
        [item(PARACETAMOL)], (Taken("Warf 5", WARFARIN),), (FIRST,),
        [("note", "paracetamol and Warf 5 interact. To be considered (FIRST 1)."), OUTSIDE],
    ),
    "two current medicines are not prescribed here": (
        [item(AMOXICILLIN)], (Taken("Brufen", IBUPROFEN), Taken("Tim", TIMOLOL)), (FIRST,), [OUTSIDE],
    ),
    "drops count one severity less": (
        [item(TIMOLOL, "1-0-1", unit="drop", is_systemic=False)], (Taken("Warf 5", WARFARIN),), (FIRST,),
        [
            (
                "caution",
                f"timolol and Warf 5 interact{IF_ABSORBED} Contraindicated: invented (FIRST 1).",
            ),
            OUTSIDE,
        ],
    ),
    "nothing interacts within one medicine": (
        [item(COLD_RELIEF), item(PARACETAMOL)], (), (FIRST,), [OUTSIDE],
    ),
    "a medicine beside itself": (
        [item(IBUPROFEN), item(IBUPROFEN)], (), (SECOND,),
        [("not_checked", "Not checked: interactions outside the data set SECOND 2.")],
    ),
    "two of a class": (
        [item(IBUPROFEN), item(DICLOFENAC)], (), (SECOND,),
        [
            ("serious", "diclofenac and ibuprofen interact. Not advised: by class (SECOND 2)."),
            ("not_checked", "Not checked: interactions outside the data set SECOND 2."),
        ],
    ),
    "two data sets, and a medicine that neither knows": (
        [item(WARFARIN), item(IBUPROFEN), item(HERB)], (), (FIRST, SECOND),
        [
            (
                "serious",
                f"ibuprofen and warfarin interact. Contraindicated: by class (SECOND 2). {BLEEDING}",
            ),
            ("not_checked", "Not checked: interactions of drotaverine (not in FIRST 1, SECOND 2)."),
            ("not_checked", "Not checked: interactions outside the data set FIRST 1, SECOND 2."),
        ],
    ),
    "an unknown medicine alone has nothing to interact with": ([item(HERB)], (), (FIRST,), [OUTSIDE]),
}  # fmt: skip


def interactions(items, taken, sets):
    found = check_prescription(list(items), patient=replace(MAN, taken=tuple(taken)), interactions=sets)
    return [each for each in found if "interaction" in each.key]


@pytest.mark.parametrize("case", INTERACTIONS)
def test_interactions_are_those_of_the_loaded_data_sets(case):
    items, taken, sets, expected = INTERACTIONS[case]

    assert [(each.severity.value, each.text) for each in interactions(items, taken, sets)] == expected


def test_a_note_is_signed_without_a_reason_and_the_rest_is_not():
    found = interactions([item(PARACETAMOL), item(AMOXICILLIN), item(WARFARIN)], (), (FIRST,))

    assert [(each.severity.value, each.needs_reason) for each in found] == [
        ("caution", True),
        ("note", False),
        ("not_checked", False),
    ]


NAMES = tuple("abcd")
INGREDIENTS = st.sets(st.sampled_from(NAMES), min_size=1, max_size=3)
MEDICINES = INGREDIENTS.map(lambda names: drug("+".join(sorted(names)), **dict.fromkeys(names, (1,))))
PAIRS = st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)).filter(lambda pair: pair[0] != pair[1])
SETS = st.lists(
    st.builds(lambda pair, level: Interaction(*pair, level, "x"), PAIRS, st.sampled_from(InteractionLevel)),
    max_size=6,
).map(lambda rows: InteractionData("TEST", frozenset(NAMES[:3]), tuple(rows)))


@given(st.lists(MEDICINES, min_size=1, max_size=5, unique_by=lambda each: each.name), SETS, st.randoms())
def test_interactions_do_not_depend_on_any_order(medicines, data, random):
    items = [item(each) for each in medicines]
    turned = [replace(each, one=each.other, other=each.one) for each in data.interactions]
    mixed = random.sample(items, len(items))

    found = interactions(items, (), (data,))

    assert interactions(mixed, (), (data,)) == found
    assert interactions(items, (), (replace(data, interactions=tuple(reversed(turned))),)) == found


@given(MEDICINES, MEDICINES, SETS)
def test_it_does_not_matter_which_of_two_medicines_is_the_new_one(one, other, data):
    added = interactions([item(one)], [Taken(other.name, other)], (data,))
    begun = interactions([item(other)], [Taken(one.name, one)], (data,))

    assert [each.severity for each in added] == [each.severity for each in begun]


@given(MEDICINES, SETS)
def test_a_medicine_never_interacts_with_itself_or_with_a_part_of_it(medicine, data):
    parts = [drug(f"part {name}", **{name: (1,)}) for name in medicine.ingredients]

    for other in [medicine, *parts]:
        found = interactions([item(medicine), item(other)], [Taken("the same", medicine)], (data,))
        assert {each.code for each in found} <= {"not_checked"}


def test_a_finding_has_the_same_key_in_every_check():
    items = [item(CO_AMOXICLAV), item(AMOXICILLIN)]

    first = check_prescription(items, patient=allergic(TO_AMOXICILLIN))
    second = check_prescription(list(reversed(items)), patient=allergic(TO_AMOXICILLIN))

    keys = {each.key for each in first if each.code == "allergy"}
    assert keys == {each.key for each in second if each.code == "allergy"}
    assert len(keys) == 2
