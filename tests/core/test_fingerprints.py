from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from hms.core.fingerprints import digest, fingerprint, parse_fingerprint, text_of

ROW, ANOTHER = Group(pk=1), Group(pk=2)


@pytest.mark.parametrize(
    ("kept", "sent"),
    [
        (None, ""),
        ("Cough\nFever", "Cough\r\nFever "),
        (Decimal("500.00"), Decimal("500")),
        (5, "5"),
        ([2, 1], ["1", "2"]),
        (Group(pk=3), 3),
        (datetime(2026, 6, 10, 9, tzinfo=UTC), datetime(2026, 6, 10, 9, 0, 0, 7, tzinfo=UTC)),
    ],
)
def test_a_value_submitted_unchanged_has_the_text_of_the_saved_value(kept, sent):
    assert text_of(kept) == text_of(sent)


def test_a_time_has_the_same_text_in_every_time_zone():
    moment = datetime(2026, 6, 10, 9, tzinfo=UTC)

    assert text_of(timezone.localtime(moment)) == text_of(moment)


def test_different_values_have_different_texts():
    values = [
        None,
        True,
        False,
        0,
        1,
        "a",
        "A",
        "a\n\nb",
        "a b",
        date(2026, 6, 10),
        time(9),
        [1, 2],
        [12],
        Decimal("0.5"),
    ]

    assert len({text_of(value) for value in values}) == len(values)


def test_a_new_file_differs_from_the_old_one_of_the_same_name():
    assert text_of(SimpleUploadedFile("a.png", b"")) != "a.png"


def test_a_digest_depends_on_row_column_and_value():
    found = {
        digest(ROW, "name", "Asha"),
        digest(ANOTHER, "name", "Asha"),
        digest(ROW, "city", "Asha"),
        digest(ROW, "name", "Meena"),
    }

    assert len(found) == 4


def test_a_digest_depends_on_the_secret_key(settings):
    before = digest(ROW, "name", "Asha")

    settings.SECRET_KEY = "another"

    assert digest(ROW, "name", "Asha") != before


def test_a_fingerprint_can_be_parsed_and_reveals_no_value():
    sent = fingerprint(ROW, {"phone": "+919845012345", "symptoms": "ALLERGIC TO PENICILLIN"})

    assert parse_fingerprint(sent) == {
        "phone": digest(ROW, "phone", "+919845012345"),
        "symptoms": digest(ROW, "symptoms", "ALLERGIC TO PENICILLIN"),
    }
    assert "98450" not in sent
    assert "PENICILLIN" not in sent


@pytest.mark.parametrize("sent", ["", "garbage", ":", "a:b:c d", "\x00", "é:ü " * 1000])
def test_invalid_text_matches_no_value(sent):
    assert digest(ROW, "name", "") not in parse_fingerprint(sent).values()
