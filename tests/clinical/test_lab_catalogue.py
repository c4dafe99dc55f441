"""The catalogue that comes with the software is complete, and a changed range is a new row."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import combinations

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from clinical.exceptions import RangeIsFixed, RangeOverlaps
from clinical.models import LabPanel, LabTest, ReferenceRange
from clinical.services import add_reference_range, end_reference_range
from clinical.services.lab_catalogue import _overlap, fill_possible_limits, load_catalogue
from hms.core.refusals import NotAllowed
from tests.clinical.lab_rows import a_test, technician
from tests.factories import staff
from tests.opened import opened
from tests.scheduling.pages import text

pytestmark = [pytest.mark.django_db, pytest.mark.feature("C06")]
LIST = "/admin/clinical/referencerange/"


@pytest.fixture
def admin():
    return staff("administrator")


def new_range(**changes) -> ReferenceRange:
    test = a_test("k")
    facts = {"age_from_days": 365, "unit": test.unit, "low": Decimal("3.4"), "high": Decimal("5.0")}
    facts |= {"test": test, "source": "New method", "valid_from": date(2026, 1, 1)}
    return ReferenceRange(**facts | changes)


def potassium_ranges() -> list[tuple]:
    rows = ReferenceRange.objects.filter(test__code="k", age_from_days=365).order_by("valid_from")
    return list(rows.values_list("low", "valid_from", "valid_to"))


def test_the_catalogue_comes_with_the_software_and_is_loaded_once():
    assert LabTest.objects.count() == 100
    assert set(LabTest.objects.values_list("kind", flat=True)) == {"number", "choice", "text", "file"}
    assert set(LabTest.objects.values_list("section", flat=True)) == {"laboratory", "imaging"}
    assert LabPanel.objects.get(code="cbc").tests.count() == 14
    assert load_catalogue() == []


def test_every_test_of_a_number_has_wide_limits_which_are_filled_in_once():
    numbers = LabTest.objects.filter(kind="number")
    limits = dict(numbers.values_list("code", "highest"))
    numbers.update(lowest=None, highest=None)
    LabTest.objects.filter(code="k").update(highest=9)
    LabTest.objects.filter(code="na").update(unit="meq/L")

    said = [fill_possible_limits(), fill_possible_limits()]

    assert said == [[f"{len(limits) - 2} laboratory tests now have limits of possible results."], []]
    assert dict(numbers.values_list("code", "highest")) == limits | {"k": 9, "na": None}


def test_every_range_and_every_critical_limit_is_far_inside_the_limits():
    """A true extreme passes: a fifth beyond what is already critical is still possible."""
    rows = [(row, row) for row in LabTest.objects.filter(kind="number")]
    rows += [(row.test, row) for row in ReferenceRange.objects.select_related("test")]
    narrow = []
    for test, row in rows:
        known = [row.critical_low, row.critical_high, getattr(row, "low", None), getattr(row, "high", None)]
        for value in filter(None, known):
            is_wide = test.lowest <= value * Decimal("0.8") and value * Decimal("1.2") <= test.highest
            if not is_wide:
                narrow.append((test.code, value))

    assert narrow == [("usg", Decimal("1.005")), ("usg", Decimal("1.030"))]


def test_every_row_of_the_catalogue_is_valid_and_no_two_ranges_overlap():
    ranges = list(ReferenceRange.objects.select_related("test"))
    for row in (*LabTest.objects.all(), *ranges):
        row.full_clean()

    overlapping = [
        (str(one), str(other))
        for one, other in combinations(ranges, 2)
        if (one.test_id, one.sex) == (other.test_id, other.sex) and _overlap(one, other)
    ]

    assert overlapping == []
    assert [row for row in ranges if row.unit != row.test.unit] == []


@pytest.mark.parametrize(
    ("text_typed", "first"),
    [("SGPT", "alt"), ("blood sugar fasting", "fbg"), ("hb", "hb"), ("X-ray chest", "cxr")],
)
def test_a_test_is_found_by_any_of_its_names(text_typed, first):
    assert first in LabTest.objects.matching(text_typed).values_list("code", flat=True)


def test_a_changed_range_is_a_new_row_and_ends_the_old_one(admin):
    add_reference_range(new=new_range(), by=admin)

    assert potassium_ranges() == [
        (Decimal("3.5"), date(2000, 1, 1), date(2026, 1, 1)),
        (Decimal("3.4"), date(2026, 1, 1), None),
    ]


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"age_from_days": 300}, RangeOverlaps),
        ({"valid_from": date(2000, 1, 1)}, RangeOverlaps),
        ({"low": Decimal("5.0")}, ValidationError),
        ({"low": None, "high": None}, ValidationError),
        ({"age_to_days": 365}, ValidationError),
    ],
)
def test_a_range_that_overlaps_or_is_upside_down_is_refused(changes, refusal, admin):
    before = potassium_ranges()

    with pytest.raises(refusal):
        add_reference_range(new=new_range(**changes), by=admin)

    assert potassium_ranges() == before


def test_a_range_is_ended_and_not_changed_and_only_by_administrators(admin):
    row = ReferenceRange.objects.get(test__code="k", age_from_days=365)
    row.low = Decimal(1)

    with pytest.raises(RangeIsFixed):
        add_reference_range(new=row, by=admin)
    for by in (technician(), staff("doctor")):
        with pytest.raises(NotAllowed):
            add_reference_range(new=new_range(), by=by)
        with pytest.raises(NotAllowed):
            end_reference_range(reference_range=row, valid_to=date(2026, 1, 1), by=by)
    end_reference_range(reference_range=row, valid_to=date(2026, 1, 1), by=admin)

    assert potassium_ranges() == [(Decimal("3.5"), date(2000, 1, 1), date(2026, 1, 1))]


def test_the_admin_ends_a_range_and_adds_another(client, admin):
    client.force_login(admin)
    row = ReferenceRange.objects.get(test__code="k", age_from_days=365)
    tomorrow = timezone.localdate() + timedelta(days=1)
    page = f"{LIST}{row.pk}/change/"

    ended = client.post(page, opened(client, page) | {"valid_to": tomorrow.isoformat()})
    facts = {"test": row.test_id, "sex": "any", "age_from_days": 300, "unit": "mmol/L", "source": "x"}
    refused = client.post(f"{LIST}add/", facts | {"low": "3", "valid_from": "2026-01-01"})
    added = client.post(f"{LIST}add/", facts | {"age_from_days": 365, "low": "3", "valid_from": tomorrow})

    assert (ended.status_code, added.status_code) == (302, 302)
    assert "Another range for these ages and this sex is valid on that day" in text(refused)
    assert [(low, start) for low, start, _end in potassium_ranges()] == [
        (Decimal("3.5"), date(2000, 1, 1)),
        (Decimal("3"), tomorrow),
    ]


def test_a_test_is_changed_in_the_admin(client, admin):
    client.force_login(admin)
    page = f"/admin/clinical/labtest/{a_test('k').pk}/change/"

    answer = client.post(page, opened(client, page) | {"turnaround_hours": "2"})
    refused = client.post(page, opened(client, page) | {"unit": ""})

    assert answer.status_code == 302
    assert "Enter the unit of the numbers." in text(refused)
    assert (a_test("k").turnaround_hours, a_test("k").unit) == (2, "mmol/L")
