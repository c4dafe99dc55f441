"""The catalogue that comes with the software, and how administrators change it."""

import csv
from datetime import date
from pathlib import Path

from audit.capture.context import audit_context
from clinical.exceptions import RangeIsFixed, RangeOverlaps
from clinical.models import LabPanel, LabTest, ReferenceRange
from clinical.statuses import ResultKind
from hms.core.locks import lock_row
from hms.core.rights import require_to_save
from hms.core.transactions import retried_atomic

DATA = Path(__file__).parent.parent / "data"
VALID_FROM = date(2000, 1, 1)
DECIMALS = ("other_factor", "lowest", "highest", "critical_low", "critical_high", "low", "high")
WHOLE = ("decimals", "turnaround_hours", "age_from_days", "age_to_days")


@retried_atomic
def load_catalogue() -> list[str]:
    """Write the tests, panels and ranges that come with the software; does nothing if there is a test."""
    if LabTest.objects.exists():
        return []
    with audit_context(reason="Came with the software"):
        tests = [LabTest(**row, position=position) for position, row in enumerate(_rows("lab_tests.csv"), 1)]
        LabTest.objects.bulk_create(tests)
        by_code = {test.code: test for test in LabTest.objects.all()}
        ranges = [
            ReferenceRange(**row | {"test": by_code[row["test"]]}, unit=by_code[row["test"]].unit,
                           valid_from=VALID_FROM)
            for row in _rows("reference_ranges.csv")
        ]  # fmt: skip
        ReferenceRange.objects.bulk_create(ranges)
        for row in _rows("lab_panels.csv"):
            codes = row.pop("tests").split()
            LabPanel.objects.create(**row).tests.set([by_code[code] for code in codes])
    return [f"{len(tests)} laboratory tests with {len(ranges)} reference ranges have been added."]


@retried_atomic
def fill_possible_limits() -> list[str]:
    """Give tests without them the limits of possible results that come with the software.

    Only tests that are known by their code and are still in the unit of the limits.
    """
    tests = list(LabTest.objects.filter(kind=ResultKind.NUMBER, lowest__isnull=True, highest__isnull=True))
    known = {(row["code"], row["unit"]): row for row in _rows("lab_tests.csv")} if tests else {}
    filled = [test for test in tests if (test.code, test.unit) in known]
    with audit_context(reason="Came with the software"):
        for test in filled:
            row = known[test.code, test.unit]
            test.lowest, test.highest = row["lowest"], row["highest"]
            test.save(update_fields=["lowest", "highest"])
    return [f"{len(filled)} laboratory tests now have limits of possible results."] if filled else []


def _rows(name: str) -> list[dict]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return [_typed(row) for row in csv.DictReader(file)]


def _typed(row: dict) -> dict:
    """Empty numbers as None; Django reads the text of the others."""
    if "department" in row:
        row["section"] = row.pop("department")
    numbers = {name: row[name] or None for name in (*DECIMALS, *WHOLE) if name in row}
    return row | numbers


@retried_atomic
def save_lab_test(*, test: LabTest, by) -> LabTest:
    """Add or change a test; results keep the unit and the range that they were entered with."""
    require_to_save(by, test)
    test.full_clean()
    test.save()
    return test


@retried_atomic
def save_lab_panel(*, panel: LabPanel, by) -> LabPanel:
    require_to_save(by, panel)
    panel.full_clean()
    panel.save()
    return panel


@retried_atomic
def add_reference_range(*, new: ReferenceRange, by) -> ReferenceRange:
    """Add a range; ends the one for the same test, sex and ages on that day.

    Refuses one that overlaps the ages of another range for the same sex.
    """
    require_to_save(by, new)
    if new.pk is not None:
        raise RangeIsFixed
    new.full_clean()
    lock_row(LabTest.objects.all(), pk=new.test_id)
    others = ReferenceRange.objects.filter(test=new.test_id, sex=new.sex)
    for other in others.filter(valid_to__isnull=True) | others.filter(valid_to__gt=new.valid_from):
        has_same_ages = (other.age_from_days, other.age_to_days) == (new.age_from_days, new.age_to_days)
        if has_same_ages and other.valid_to is None and other.valid_from < new.valid_from:
            other.valid_to = new.valid_from
            other.save(update_fields=["valid_to"])
        elif _overlap(other, new):
            raise RangeOverlaps(range=str(other))
    new.save()
    return new


@retried_atomic
def end_reference_range(*, reference_range: ReferenceRange, valid_to: date | None, by) -> ReferenceRange:
    """Set the day from which a range is no longer used; nothing else of it can be changed."""
    require_to_save(by, reference_range)
    row = lock_row(ReferenceRange.objects.all(), pk=reference_range.pk)
    row.valid_to = valid_to
    row.full_clean()
    row.save(update_fields=["valid_to"])
    return row


def _overlap(one: ReferenceRange, other: ReferenceRange) -> bool:
    """Whether some age on some day has both ranges."""
    ages = _meet(one.age_from_days, one.age_to_days, other.age_from_days, other.age_to_days)
    return ages and _meet(one.valid_from, one.valid_to, other.valid_from, other.valid_to)


def _meet(start, end, other_start, other_end) -> bool:
    return (other_end is None or start < other_end) and (end is None or other_start < end)
