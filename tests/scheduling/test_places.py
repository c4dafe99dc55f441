"""What is offered at a branch, or by one way of visiting, and the pages of a doctor that show it."""

from datetime import time

import pytest

from scheduling.availability import BookingTerms, Place, next_free, offered_slots
from scheduling.models import Branch
from tests.factories import (
    ScheduleExceptionFactory,
    at,
)
from tests.scheduling.branches import consults
from tests.scheduling.offers import MONDAY, clock
from tests.scheduling.pages import links, notices, times

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.feature("S17"),
    pytest.mark.usefixtures("sunday_noon"),
]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["9:00 AM", "9:30 AM", "12:00 PM", "12:30 PM", "3:00 PM", "3:30 PM"]),
        ("branch=north", ["9:00 AM", "9:30 AM"]),
        ("branch=south", ["3:00 PM", "3:30 PM"]),
        ("mode=video", ["12:00 PM", "12:30 PM"]),
        ("mode=in_person", ["9:00 AM", "9:30 AM", "3:00 PM", "3:30 PM"]),
        ("branch=north&mode=video", ["12:00 PM", "12:30 PM"]),
        ("branch=south&mode=video", []),
    ],
)
def test_the_times_of_a_doctor_are_those_at_the_place_that_is_asked_for(client, asha, query, expected):
    for page in (asha.get_absolute_url(), f"{asha.get_absolute_url()}times/"):
        assert times(client.get(f"{page}?day=2026-11-23&{query}")) == expected


def test_the_links_of_the_picker_keep_the_place(client, asha):
    response = client.get(f"{asha.get_absolute_url()}?day=2026-11-23&branch=north")

    days = links(response, f"{asha.get_absolute_url()}?day=")
    assert days
    assert all(day.endswith("&branch=north") for day in days)
    assert links(response, "?") == ["?", "?branch=north", "?branch=south", "?mode=video"]
    assert 'hx-get="/doctors/' in response.text
    assert "times/?day=2026-11-23&amp;branch=north" in response.text


def test_a_doctor_with_one_place_offers_no_choice(client, north):
    doctor = consults(north, time(9), time(10))

    assert links(client.get(doctor.get_absolute_url()), "?") == []


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("branch=nowhere", "There is no such branch. These are the times at all branches."),
        ("branch=NORTH", "There is no such branch. These are the times at all branches."),
        ("mode=letter", "Visits are in person or by video call. These are the times of both."),
    ],
)
def test_an_unknown_place_is_told_and_ignored(client, asha, query, words):
    page = asha.get_absolute_url()

    response = client.get(f"{page}?day=2026-11-23&{query}")
    fragment = client.get(f"{page}times/?day=2026-11-23&{query}")

    assert notices(response) == [words]
    assert len(times(response)) == 6
    assert (fragment.status_code, fragment.text) == (400, words)


@pytest.mark.parametrize("code", [None, "north", "south"])
@pytest.mark.parametrize("mode", ["", "in_person", "video"])
def test_what_is_offered_at_a_place_is_what_is_offered_anyway_and_is_there(asha, code, mode):
    """Also where an extra session at another place begins at the same time."""
    north, south = Branch.objects.order_by("code")
    for branch, hour in ((south, 9), (north, 15), (north, 18)):
        ScheduleExceptionFactory(
            kind="extra",
            doctor=asha,
            branch=branch,
            slot_minutes=30,
            starts_at=at(hour),
            ends_at=at(hour + 1),
        )
    place = Place(None if code is None else frozenset([{"north": north, "south": south}[code].pk]), mode)
    terms = BookingTerms.for_patients().at(place)
    anyway = offered_slots([asha], MONDAY, MONDAY)[asha.pk]

    there = offered_slots([asha], MONDAY, MONDAY, terms=terms)[asha.pk]

    expected = [slot for slot in anyway if place.fits(slot)]
    assert clock(there) == clock(expected)
    assert clock(filter(None, [next_free([asha], terms=terms)[asha.pk]])) == clock(expected[:1])
