"""Two sets of particulars of one person are found, those of two people are not."""

from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from accounts.matching import (
    DateFit,
    Likeness,
    NameFit,
    Person,
    compare,
    compare_names,
    likely_birth_dates,
)

pytestmark = [pytest.mark.feature("A09")]

GIVEN = ("Asha", "Vikram", "Meena", "Farhan", "José", "Lakshmi", "Thomas", "Gurpreet", "आशा", "ప్రియ")
FAMILY = ("Rao", "Iyer", "Khan", "O'Brien", "Pereira-Lobo", "Chowdhury", "Naidu", "Kaur", "Banerjee", "राव")
TITLES = ("Dr", "Dr.", "Mr.", "Mrs", "Shri", "Smt.", "Kumari", "Prof.", "Late")
BORN = date(1984, 3, 27)

names = st.tuples(st.sampled_from(GIVEN), st.sampled_from(GIVEN), st.sampled_from(FAMILY)).filter(
    lambda name: name[0] != name[1]
)
births = st.dates(date(1901, 1, 3), date(2026, 11, 1)).filter(lambda born: (born.day, born.month) != (1, 1))


def person(name: str, born: date = BORN, **others) -> Person:
    return Person(full_name=name, date_of_birth=born, **others)


def is_found(one: Person, other: Person) -> bool:
    there, back = compare(one, other), compare(other, one)
    assert there == back
    return there.is_possible


@given(names, births, st.data())
def test_parts_in_any_order_with_any_title_and_case_are_found(name, born, data):
    shuffled = data.draw(st.permutations([*name, data.draw(st.sampled_from(TITLES))]))
    typed = data.draw(st.sampled_from([str.upper, str.lower, str.title]))(" ".join(shuffled))

    assert is_found(person(" ".join(name), born), person(typed, born))


@given(names, births, st.integers(0, 1), st.data())
def test_initials_are_found(name, born, which, data):
    parts = [f"{part[0]}." if place == which else part for place, part in enumerate(name)]

    assert is_found(person(" ".join(name), born), person(" ".join(data.draw(st.permutations(parts))), born))


@given(names, births, st.data())
def test_a_birth_date_that_is_nearly_the_same_is_found_and_asked_of_the_database(name, born, data):
    others = [born - timedelta(days=1), born + timedelta(days=1), date(born.year, 1, 1)]
    others += [date(born.year, born.day, born.month)] if born.day <= 12 else []
    typed = data.draw(st.sampled_from(others))

    assert is_found(person(" ".join(name), born), person(" ".join(reversed(name)), typed))
    assert typed in likely_birth_dates(born)


@given(names, names, births, births)
def test_people_with_another_name_and_birth_date_are_not_found(name, other, born, other_born):
    assume(not set(name) & set(other))
    assume(compare(person("x", born), person("x", other_born)).born is DateFit.OTHER)

    for phone in ("", "+919845012345"):  # a family shares it
        assert not is_found(
            person(" ".join(name), born, phone=phone), person(" ".join(other), other_born, phone=phone)
        )
    assert not is_found(person(" ".join(name), born), person(" ".join(other), born))


@given(st.text(max_size=40), st.text(max_size=40), births, births)
def test_any_text_is_compared(one, other, born, other_born):
    is_found(person(one, born), person(other, other_born))
    assert compare_names(one, one) is NameFit.SAME


@pytest.mark.parametrize(
    ("one", "other", "fit"),
    [
        ("Asha Rao", "asha  RAO", NameFit.SAME),
        ("José Pereira", "Jose Pereira", NameFit.SAME),
        ("Mary O'Brien", "mary o\u2019brien", NameFit.SAME),
        ("Mary O'Brien", "OBrien Mary", NameFit.REORDERED),
        ("Anne-Marie Rao", "Annemarie Rao", NameFit.SAME),
        ("Anne-Marie Rao", "Rao Anne Marie", NameFit.REORDERED),
        ("Søren Łukasz", "Soren Lukasz", NameFit.SAME),
        ("Meena Kumari", "Kumari Meena", NameFit.SAME),
        ("Asha Rao W/o Vikram Rao", "Asha Rao", NameFit.SAME),
        ("B/O Asha Rao", "Baby of Asha Rao", NameFit.SAME),
        ("Meena Iyyer", "Mina Iyer", NameFit.SPELLED),
        ("Sitha Devvi", "Sita Devi", NameFit.SPELLED),
        ("Ramesh Kumar Gupta", "Gupta Ramesh", NameFit.LONGER),
        ("S. Asha", "Asha Subramaniam", NameFit.INITIALS),
        ("A.K. Rao", "Rao Asha Kamala", NameFit.INITIALS),
        ("Asha", "Asha Rao", NameFit.ONE_PART),
        ("Asha Rao", "Meena Rao", NameFit.SHARED),
        ("Aisha Khan", "Asha Khan", NameFit.SHARED),
        ("B. Rao", "Asha Rao", NameFit.SHARED),
        ("A. R.", "Asha Rao", NameFit.OTHER),
        ("आशा राव", "राव आशा", NameFit.REORDERED),
        ("आशा राव", "अशा राव", NameFit.SHARED),
    ],
)
def test_the_fit_of_two_names(one, other, fit):
    assert (compare_names(one, other), compare_names(other, one)) == (fit, fit)


@pytest.mark.parametrize(
    ("other", "points", "reasons"),
    [
        (person("Rao Asha"), 90, ["name parts in another order", "same birth date"]),
        (person("Asha Rao", date(1984, 3, 28)), 85, ["same name", "birth dates a day apart"]),
        (
            person("Asha Rao", date(1985, 1, 1)),
            70,
            ["same name", "one born on 1 January, which may stand for an unknown birthday"],
        ),
        (person("Asha Rao", date(1986, 1, 1)), 50, ["same name"]),
        (person("Meena Iyer", phone="+919845012345"), 70, ["same birth date", "same phone"]),
        (
            person("Vikram Rao", date(1980, 5, 2), phone="+919845012345", email="rao@example.org"),
            50,
            ["one part of the name in common", "same phone", "same e-mail address"],
        ),
        (
            person("Baby of Asha Rao", date(2026, 3, 2), phone="+919845012345"),
            45,
            ["one part of the name in common", "same phone"],
        ),
        (person("Meena Iyer", date(1980, 5, 2), abha_number="12345678901234"), 100, ["same ABHA number"]),
    ],
)
def test_the_score_and_its_reasons(other, points, reasons):
    asha = person("Asha Rao", phone="+919845012345", email="rao@example.org", abha_number="12345678901234")

    likeness = compare(asha, other)

    assert (likeness.score, likeness.reasons) == (points, reasons)


def test_two_people_of_a_name_both_with_an_unknown_birthday_need_the_whole_name():
    asha = person("Asha Rao", date(1960, 1, 1))

    assert compare(asha, person("Asha Rao", date(1960, 1, 1))).score == 75
    assert not is_found(asha, person("A. Rao", date(1960, 1, 1)))


def test_the_reasons_leave_out_what_does_not_agree():
    assert Likeness(NameFit.OTHER, DateFit.OTHER, ()).reasons == []
