"""The restricted format of texts, and the alphabet of SMS."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hms.notifications.gsm import BASIC, LONGEST, TAKES_TWO, in_gsm, length
from hms.notifications.models import MessageTemplate
from hms.notifications.statuses import Kind
from hms.notifications.texts import TEXTS, filled, names_of, unknown_names
from hms.notifications.wording import Wording

pytestmark = pytest.mark.feature("N03")

ANYTHING = st.text(max_size=60)
KINDS = [pytest.param(kind, id=kind.value) for kind in TEXTS]
WITH_SMS = [pytest.param(kind, id=kind.value) for kind, text in TEXTS.items() if text.sms]

WITH_LINK = [Kind.REMINDER, Kind.WAITING_OFFER, Kind.LEAVE_OFFER]


def example(kind: str) -> dict[str, str]:
    return {name: shown for name, (_words, shown) in names_of(kind).items()}


def shipped(kind: str) -> Wording:
    return Wording.of(kind, "en-gb", None)


@pytest.mark.parametrize("kind", KINDS)
def test_shipped_texts_use_known_names_only(kind):
    text = TEXTS[kind]

    assert [unknown_names(str(words), kind) for words in (text.subject, text.body, text.sms)] == [[], [], []]


@pytest.mark.parametrize("kind", WITH_SMS)
def test_a_shipped_sms_fits_with_the_example_and_keeps_its_link(kind):
    sms = shipped(kind).text_message(example(kind))

    assert length(sms) <= LONGEST
    assert "http" not in sms or sms.endswith(example(kind)["link"])


@given(kind=st.sampled_from([*WITH_LINK, Kind.BOOKED, Kind.CANCELLED]), doctor=ANYTHING, hospital=ANYTHING)
def test_an_sms_fits_whatever_the_names_are_and_keeps_what_matters(kind, doctor, hospital):
    values = example(kind) | {"doctor": doctor, "hospital": hospital}

    sms = shipped(kind).text_message(values)

    assert length(sms) <= LONGEST
    assert set(sms) <= BASIC | TAKES_TWO
    kept = values["link"] if kind in WITH_LINK else values["reference"]
    assert values["day"] in sms
    assert kept in sms


@given(st.text(max_size=200))
def test_any_text_can_be_said_in_the_alphabet(text):
    said = in_gsm(text)

    assert set(said) <= BASIC | TAKES_TWO
    assert in_gsm(said) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("₹500 \u2013 “ok”", 'Rs 500 - "ok"'),
        ("Zoë Čapek", "Zoe Capek"),
        ("आशा", "???"),
        ("naïve à É", "naive à É"),
    ],
)
def test_marks_are_dropped_and_other_scripts_become_question_marks(text, said):
    assert in_gsm(text) == said


@given(value=st.text(alphabet=string.printable, max_size=40), other=ANYTHING)
def test_what_stands_for_a_name_is_never_read_as_a_text(value, other):
    assert filled("A {patient} B", {"patient": value, "doctor": other}) in (f"A {value} B", "")


@pytest.mark.parametrize(
    ("words", "unknown"),
    [
        ("{when} {doctor}", []),
        ("{patient.email} {settings}", ["patient.email", "settings"]),
        ("{% load x %}", ["% load x %"]),
        ("{{ when }}", ["{", "}"]),
        ("{when", ["{"]),
        ("{}", [""]),
    ],
)
def test_names_that_mean_nothing_are_found(words, unknown):
    assert unknown_names(words, Kind.BOOKED) == sorted([*unknown, *([" when "] if "{{" in words else [])])


def test_a_line_of_names_that_stand_for_nothing_is_left_out():
    words = "{when}\n{speciality}\nSpeciality: {speciality}\n\n{doctor} {speciality}\nPlain"

    assert (
        filled(words, {"when": "Monday", "speciality": "", "doctor": "Dr Rao"}) == "Monday\n\nDr Rao \nPlain"
    )


def test_the_hospitals_own_words_come_first_and_the_others_stay():
    own = MessageTemplate(kind=Kind.BOOKED, subject="See you {day}", dlt_template_id="1207")
    words = Wording.of(Kind.BOOKED, "en-gb", own)

    said = words.email(example(Kind.BOOKED))
    assert said["subject"] == "See you Mon 23 Nov"
    assert said["body"].startswith("Your appointment is booked.")
    assert words.dlt_template_id == "1207"


def test_a_subject_is_one_line_whatever_stands_for_its_names():
    values = example(Kind.CARE_GIVEN) | {"who": "A\nBcc: all@example.org"}

    assert "\n" not in shipped(Kind.CARE_GIVEN).email(values)["subject"]
