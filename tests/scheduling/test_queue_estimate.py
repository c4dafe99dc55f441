"""When somebody is called: a range that is honest, and never before the time of the booking."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduling.queues.estimate import FEWEST, Wait, expected_wait

pytestmark = pytest.mark.feature("S21")
TEN = [10.0] * FEWEST
MINUTES = st.floats(-200, 200)
LENGTHS = st.lists(st.floats(1, 120), max_size=60)
BEGUN = st.none() | st.floats(0, 240)


def wait(**changes) -> Wait:
    return expected_wait(**{"lengths": TEN, "planned": 15, "begun": None, "ahead": [], "own": 0} | changes)


def test_with_nobody_before_it_is_now_and_with_two_it_is_two_consultations():
    assert [wait(), wait(ahead=[0, 0])] == [Wait(0, 0), Wait(20, 20)]


def test_a_consultation_that_goes_on_takes_what_is_left_of_it():
    assert wait(begun=4, ahead=[0]) == Wait(16, 16)


def test_nobody_is_promised_a_call_before_the_time_of_the_booking():
    assert [wait(own=45), wait(ahead=[0, 0], own=30)] == [Wait(45, 45), Wait(30, 30)]


def test_those_before_may_be_seen_before_their_own_times_or_not():
    assert wait(ahead=[0, 40]) == Wait(20, 50)


def test_the_ends_are_the_tenths_of_the_lengths_and_grow_with_the_root():
    lengths = [float(minute) for minute in range(5, 16)]  # mean 10, tenths 6 and 14

    assert [wait(lengths=lengths, ahead=[0]), wait(lengths=lengths, ahead=[0] * 4)] == [
        Wait(6, 14),
        Wait(32, 48),
    ]


def test_a_doctor_of_whom_little_is_known_takes_about_as_long_as_planned():
    # Of 7.5, 15 and 22.5 minutes the tenths are 9 and 21.
    assert wait(lengths=[3.0] * (FEWEST - 1), ahead=[0]) == Wait(9, 21)


def test_one_that_takes_longer_than_any_before_takes_a_little_longer():
    found = wait(begun=50)

    assert (found.least, found.most) == (pytest.approx(1), pytest.approx(9))


@given(lengths=LENGTHS, begun=BEGUN, ahead=st.lists(MINUTES, max_size=20), own=MINUTES)
def test_a_range_has_its_ends_in_order_and_begins_neither_in_the_past_nor_before_the_booking(
    lengths, begun, ahead, own
):
    found = wait(lengths=lengths, begun=begun, ahead=ahead, own=own)

    assert max(own, 0) <= found.least <= found.most


@given(lengths=LENGTHS, begun=BEGUN, ahead=st.lists(MINUTES, max_size=20), own=MINUTES)
def test_one_more_before_never_means_that_one_is_expected_earlier(lengths, begun, ahead, own):
    fewer, more = (wait(lengths=lengths, begun=begun, ahead=ahead[:end], own=own) for end in (-1, None))

    assert more.most >= fewer.most


def test_about_eight_of_ten_waits_end_within_the_range():
    chance, inside = Random(1), 0
    recent = [chance.lognormvariate(2.3, 0.5) for _visit in range(60)]
    found = wait(lengths=recent, ahead=[0] * 5)
    for _day in range(1000):
        took = sum(chance.lognormvariate(2.3, 0.5) for _visit in range(5))
        inside += found.least <= took <= found.most

    assert 720 <= inside <= 900
