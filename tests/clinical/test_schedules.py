"""Schedules are read from what doctors type, counted, and written out for the patient."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinical.exceptions import ScheduleUnclear
from clinical.prescribing.line import parse_line
from clinical.prescribing.schedule import Phase, Row, Schedule
from clinical.prescribing.typed import parse_schedule

pytestmark = pytest.mark.feature("C13")

# typed: stored, days, doses a day at most, doses in ten days (or the days that it names)
TYPED = {
    "1-0-1": ("1-0-1", None, 2, 20),
    "1 – 0 – 1": ("1-0-1", None, 2, 20),  # noqa: RUF001 - a dash as word processors write it
    "1-1-1-1": ("1-1-1-1", None, 4, 40),
    "½-0-½": ("0.5-0-0.5", None, 1, 10),
    "1½-0-1": ("1.5-0-1", None, Decimal("2.5"), 25),
    "OD": ("1-0-0", None, 1, 10),
    "once daily": ("1-0-0", None, 1, 10),
    "b.d.": ("1-0-1", None, 2, 20),
    "TDS x 5d": ("1-1-1 for 5 days", 5, 3, 15),
    "QID for 1 week": ("1-1-1-1 for 7 days", 7, 4, 28),
    "HS": ("0-0-1", None, 1, 10),
    "q8h": ("every 8 hours", None, 3, 30),
    "6 hourly for 3 days": ("every 6 hours for 3 days", 3, 4, 12),
    "every 5 hours": ("every 5 hours", None, 5, 48),
    "SOS": ("as needed", None, None, None),
    "sos max 3/day": ("as needed at most 3 a day", None, 3, 30),
    "q6h prn": ("as needed at most 4 a day", None, 4, 40),
    "alternate days": ("1-0-0 alternate days", None, 1, 5),
    "1-0-1 every 3 days": ("1-0-1 every 3 days", None, 2, 8),
    "once weekly for 8 weeks": ("1-0-0 weekly for 56 days", 56, 1, 8),
    "stat": ("once", 1, 1, 1),
    "5 days 2-0-0 then 5 days 1-0-0": ("2-0-0 for 5 days, then 1-0-0 for 5 days", 10, 2, 15),
    "2-0-0 for 4 days, then 1-0-0": ("2-0-0 for 4 days, then 1-0-0", None, 2, 14),
}
UNCLEAR = ["", "foo", "0-0-0", "1-0", "1-0-1 foo", "bd tds", "bd 9999 days", "30/4-0-1", "q8h alternate days"]


@pytest.mark.parametrize(("typed", "meant"), TYPED.items())
def test_what_doctors_type_is_understood(typed, meant):
    schedule = parse_schedule(typed)

    found = (str(schedule), schedule.days, schedule.most_in_a_day, schedule.doses(schedule.days or 10))
    assert found == meant


@pytest.mark.parametrize("typed", UNCLEAR)
def test_what_cannot_be_read_to_its_end_is_refused(typed):
    with pytest.raises(ScheduleUnclear):
        parse_schedule(typed)


def test_a_taper_is_written_out_as_a_table_for_the_patient():
    schedule = parse_schedule("4 days 2-0-1 then 1-0-0")

    table = schedule.table(Decimal("0.5"), 7)

    assert table == [
        Row(1, 4, (Decimal(1), Decimal(0), Decimal(0), Decimal("0.5")), "Every day"),
        Row(5, 7, (Decimal("0.5"), Decimal(0), Decimal(0), Decimal(0)), "Every day"),
    ]


def test_a_schedule_without_parts_of_the_day_is_written_out_in_words():
    words = {
        typed: parse_schedule(typed).table(Decimal(1), 5)[0].words
        for typed in ("q8h", "SOS", "sos max 3/day", "stat", "alternate days", "weekly", "1-0-0 every 3 days")
    }

    assert words == {
        "q8h": "Every 8 hours",
        "SOS": "When needed",
        "sos max 3/day": "When needed, at most 3 times a day",
        "stat": "Once",
        "alternate days": "Every other day",
        "weekly": "Once a week",
        "1-0-0 every 3 days": "Every 3 days",
    }


amounts = st.decimals(0, 99, places=2)
parts = st.tuples(amounts, amounts, amounts, amounts).filter(lambda parts: sum(parts) > 0)
rhythms = st.one_of(
    st.builds(dict, parts=parts, every_days=st.integers(1, 90)),
    st.builds(dict, every_hours=st.integers(1, 72)),
    st.builds(dict, is_as_needed=st.just(True), at_most=st.none() | st.integers(1, 24)),
    st.builds(dict, is_once=st.just(True)),
)
lengths = st.integers(1, 1095)
schedules = st.builds(
    lambda first, last, days: Schedule(
        (*(Phase(**rhythm, days=length) for rhythm, length in first), Phase(**last, days=days))
    ),
    st.lists(st.tuples(rhythms, lengths), max_size=3),
    rhythms,
    st.none() | lengths,
)


@given(schedules)
def test_the_stored_form_reads_back_as_the_same_schedule(schedule):
    assert parse_schedule(str(schedule)) == schedule


@given(schedules, st.integers(1, 400), st.integers(1, 400))
def test_a_longer_course_never_needs_less(schedule, days, more):
    fewer, all_of_them = schedule.doses(days), schedule.doses(days + more)

    assert (fewer is None) == (all_of_them is None)
    assert fewer is None or fewer <= all_of_them


@given(parts, st.integers(1, 60), st.decimals("0.01", 100, places=2))
def test_the_table_adds_up_to_the_quantity(parts, days, dose):
    schedule = Schedule((Phase(parts=parts),))
    (row,) = schedule.table(dose, days)

    eaten = sum(row.parts) * days

    assert 0 <= schedule.quantity(dose, days) - eaten < 1


def test_a_typed_line_is_split_at_its_schedule():
    lines = {
        typed: (line.medicine, str(line.schedule), line.dose, line.dose_unit, line.instructions)
        for typed in (
            "amox 500 1-0-1 5d after food",
            "Syp. paracetamol 120 mg/5 mL 7.5 ml q6h sos for 3 days",
            "prednisolone 10 5 days 2-0-0 then 5 days 1-0-0 pc",
            "methotrexate 2.5 3 tabs weekly with folic acid",
        )
        for line in [parse_line(typed)]
    }

    assert list(lines.values()) == [
        ("amox 500", "1-0-1 for 5 days", None, "", "after food"),
        (
            "Syp. paracetamol 120 mg/5 mL",
            "as needed at most 4 a day for 3 days",
            Decimal("7.5"),
            "mL",
            "",
        ),
        ("prednisolone 10", "2-0-0 for 5 days, then 1-0-0 for 5 days", None, "", "after food"),
        ("methotrexate 2.5", "1-0-0 weekly", Decimal(3), "unit", "with folic acid"),
    ]


@pytest.mark.parametrize("typed", ["", "ibuprofen", "1-0-1", "ibuprofen when it hurts"])
def test_a_line_without_a_medicine_or_a_schedule_is_refused(typed):
    with pytest.raises(ScheduleUnclear):
        parse_line(typed)
