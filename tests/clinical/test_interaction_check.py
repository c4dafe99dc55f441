"""Interactions of medicines as a table of cases, and what holds for all of them."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinical.prescribing.check import check_prescription
from clinical.prescribing.facts import Interaction, InteractionData, Taken
from clinical.statuses import InteractionLevel
from tests.clinical.drugs import AMOXICILLIN, COLD_RELIEF, DICLOFENAC, IBUPROFEN, MAN, PARACETAMOL, drug, item

pytestmark = pytest.mark.feature("C05")

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
