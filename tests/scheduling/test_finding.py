"""What people type is understood: 150 phrases and more, and the rules by property."""

import csv
import sys
from pathlib import Path

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from scheduling.finding.advice import advise
from scheduling.finding.lexicon import Words
from scheduling.finding.matching import COMMON, Entry, Lexicon, nearest
from scheduling.finding.words import word_of
from scheduling.models import Complaint, Discipline

pytestmark = [pytest.mark.django_db, pytest.mark.feature("S15")]
TYPED = list(csv.DictReader((Path(__file__).parent / "complaints.csv").read_text("utf-8").splitlines()))


def understood(words: Words, text: str) -> tuple[set[str], set[str]]:
    """Names of the alarms and of the disciplines, whether or not a doctor here practises them."""
    found = words.find(text)
    keys = {
        words.complaints[key].discipline if kind == "complaint" else key
        for kind, key in (each.key for each in found)
        if kind in ("complaint", "discipline")
    }
    alarms = {alarm.name for alarm in advise(words, found).alarms}
    return alarms, {words.disciplines[key].name for key in keys}


def test_what_people_type_leads_to_the_right_discipline_or_alarm(capsys):
    words = Words()
    read = [(row["leads_to"], row["typed"], *understood(words, row["typed"])) for row in TYPED]

    alarms = [row for row in read if row[0].startswith("! ")]
    nothing = [row for row in read if not row[0]]
    others = [row for row in read if row[0] and not row[0].startswith("! ")]
    hits = sum(name in disciplines for name, _typed, _alarms, disciplines in others)
    rung = sum(name[2:] in found for name, _typed, found, _disciplines in alarms)
    with capsys.disabled():
        sys.stdout.write(
            f"\n{len(read)} phrases: {hits} of {len(others)} disciplines and {rung} of {len(alarms)} "
            f"emergencies found, {len(nothing)} mean nothing\n"
        )

    assert (len(read) >= 900, len(nothing) >= 90, len(alarms) >= 450) == (True, True, True)
    assert [typed for name, typed, found, _disciplines in alarms if name[2:] not in found] == []
    assert [(typed, found) for _name, typed, found, _disciplines in nothing + others if found] == []
    assert [(typed, found) for _name, typed, _alarms, found in nothing if found] == []
    assert [(name, typed) for name, typed, _alarms, found in others if name not in found] == []


def test_every_discipline_and_every_emergency_has_phrases_or_is_found_by_its_name():
    words = Words()
    tested = {row["leads_to"].removeprefix("! ") for row in TYPED}
    untested = [each for each in words.complaints.values() if each.is_alarm and each.name not in tested]

    assert [each.name for each in untested if each.name not in understood(words, each.name)[0]] == []
    names = Discipline.objects.values_list("name", flat=True)
    assert [name for name in names if name not in understood(words, name)[1]] == []
    assert Complaint.objects.filter(urgency="crisis").count() == 1


# --- rules

PHRASES = ("chest pain", "swollen ankle", "paediatrician", "redness of eye", "heart")
LEXICON = Lexicon(Entry(phrase, (phrase,)) for phrase in PHRASES)


def meant(text: str, lexicon: Lexicon = LEXICON) -> set[str]:
    return {found.key for found in lexicon.find(lexicon.read(text))}


phrases = st.sampled_from(PHRASES)
between = st.sampled_from(["", "the", "my", "left", "very", "severe"])


@given(phrases, st.randoms(), between)
def test_the_order_of_words_case_and_words_that_say_nothing_do_not_matter(phrase, random, filler):
    words = phrase.split()
    random.shuffle(words)
    typed = f" {filler} ".join(random.choice([word.upper(), word.title(), word]) for word in words)

    assert meant(f"{filler} {typed} {filler}") == {phrase}


@given(phrases)
def test_plurals_accents_and_american_spelling_do_not_matter(phrase):
    assert meant("".join(f"{letter}́" for letter in phrase)) == {phrase}
    assert meant(" ".join(f"{word}s" for word in phrase.split())) == {phrase}
    assert meant(phrase.replace("ae", "e")) == {phrase}


@given(phrases, st.data())
def test_one_mistake_in_a_long_word_is_understood(phrase, data):
    words = phrase.split()
    place = max(range(len(words)), key=lambda n: len(words[n]))
    word = words[place]
    at = data.draw(st.integers(1, len(word) - 2))
    change = data.draw(st.sampled_from(["drop", "double", "swap"]))
    words[place] = {
        "drop": word[:at] + word[at + 1 :],
        "double": word[:at] + word[at] + word[at:],
        "swap": word[:at] + word[at + 1] + word[at] + word[at + 2 :],
    }[change]

    assert meant(" ".join(words)) == {phrase} or word_of(words[place]) in COMMON


@given(
    phrases, st.sampled_from(["no {}", "without {}", "no cough or {}", "I do not have {}", "never had a {}"])
)
def test_what_is_denied_is_not_meant(phrase, sentence):
    assert meant(sentence.format(phrase)) == set()


@given(
    phrases,
    st.sampled_from(["no cough but {}", "no fever. {}", "cannot sleep, {}", "not only {}", "{}, no fever"]),
)
def test_what_is_not_denied_is_meant(phrase, sentence):
    assert phrase in meant(sentence.format(phrase))


@given(st.text(max_size=200))
def test_any_text_is_read(text):
    assert meant(text) <= set(PHRASES)


@given(st.lists(st.sampled_from(["no", "chest", "pain", "or", ",", "very", "x"]), max_size=80))
def test_much_text_is_read_at_once(words):
    assert meant(" ".join(words)) <= {"chest pain"}


@pytest.mark.parametrize(
    "text", ["chess pawn", "heard of it", "he art", "hurt feelings", "a chest of drawers", "feat"]
)
def test_common_words_are_no_mistakes(text):
    assert meant(text) == set()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("burn on the hand", {"burn"}),
        ("heart burn", set()),
        ("heart burn and a burn on the hand", {"burn"}),
        ("my eyes burn", set()),
    ],
)
def test_a_phrase_in_which_the_word_means_something_else_does_not_count(text, found):
    lexicon = Lexicon([Entry("burn", ("burn",), ("heart burn", "eyes burn"))])

    assert meant(text, lexicon) == found


def test_a_phrase_of_which_one_word_says_something_counts_as_a_whole():
    shock, park = Entry("shock", ("got current", "I feel"), is_whole=True), Entry("park", ("The Park",))
    lexicon = Lexicon([shock, park])

    assert meant("my son got current", lexicon) == {"shock"}
    assert meant("my current medicines, I feel better", lexicon) == set()
    assert meant("park", lexicon) == {"park"}


def test_a_past_year_is_long_ago():
    lexicon = Lexicon([Entry("stroke", ("stroke",), ("stroke year ago",))])
    year = timezone.localdate().year

    assert meant(f"stroke in {year - 1}", lexicon) == set()
    assert meant(f"stroke in {year}", lexicon) == {"stroke"}
    assert meant(f"stroke since {year - 1}", lexicon) == {"stroke"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("my baby is four months. She has fever", {"baby fever"}),
        ("3 weeks old, fever", {"baby fever"}),
        ("11 month old with fever", {"baby fever"}),
        ("3 year old with fever", {"child"}),
        ("aged 7, fever", {"child"}),
        ("30 year old with fever", set()),
        ("fever for 3 weeks", set()),
        ("no baby, fever", set()),
    ],
)
def test_an_age_says_who_the_text_is_about(text, found):
    lexicon = Lexicon([Entry("baby fever", ("baby fever",)), Entry("child", ("child",))])

    assert meant(text, lexicon) == found


@given(
    st.sampled_from(["sugar", "blood sugar", "glucose", "sugar level is", "sugar reading:"]),
    st.integers(0, 2000),
)
def test_a_reading_of_sugar_is_a_danger_by_its_number(words, number):
    lexicon = Lexicon([Entry("danger", ("sugar critically low", "sugar critically high"))])

    is_danger = 20 <= number < 55 or 400 <= number < 1000
    assert meant(f"{words} {number}, feeling odd", lexicon) == ({"danger"} if is_danger else set())


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("oxygen 84", {"oxygen"}),
        ("SpO2 level is 89%", {"oxygen"}),
        ("spo2 90", set()),
        ("oxygen 5 litres", set()),
        ("oxygen 99", set()),
        ("room 40, oxygen", set()),
        ("sugar 5.4", set()),
        ("sugar 45.5 kg", set()),
    ],
)
def test_a_reading_of_oxygen_and_what_is_no_reading(text, found):
    low = Entry("oxygen", ("oxygen critically low",)), Entry("sugar", ("sugar critically low",))

    assert meant(text, Lexicon(low)) == found


def test_short_words_must_begin_alike():
    assert nearest("nair", ["hair", "nail"]) == ["nail"]
    assert nearest("ear", ["year"]) == []
    assert nearest("pian", ["pain"]) == ["pain"]


@pytest.mark.parametrize(
    ("british", "american"),
    [("Orthopaedics", "orthopedic"), ("Diarrhoea", "diarrhea"), ("tumours", "tumor"), ("Oedema", "edema")],
)
def test_british_and_american_words_are_one(british, american):
    assert word_of(british.casefold()) == word_of(american)
