"""Every list of the API takes as many queries for many rows as for one."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from hms.api.docs import SCHEMA
from hms.api.paging import KeysFirst
from hms.api.schema import has_pages
from scheduling.models import Doctor
from tests.api.calls import Caller
from tests.factories import ScheduleExceptionFactory, staff
from tests.owned import make_household
from tests.webhooks.rows import PUBLIC, queued, registered

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.feature("I01")]

PATHS = json.loads(SCHEMA.read_text())["paths"]
LISTS = [path for path, item in PATHS.items() if "get" in item and has_pages(item["get"])]
HOUSEHOLDS = 3


@pytest.fixture
def callers() -> list[Caller]:
    """A carer, a doctor and an administrator, each with three of everything that they may see."""
    first, *others = (make_household() for _household in range(HOUSEHOLDS))
    for held in (held for other in others for held in other.carer.guardianships.all()):
        first.adopt(held.patient)
    for doctor in Doctor.objects.all():
        for days in range(HOUSEHOLDS):
            begins = timezone.now() + timedelta(days=100 + days)
            ends = begins + timedelta(hours=2)
            ScheduleExceptionFactory(doctor=doctor, kind="leave", starts_at=begins, ends_at=ends)
    for number in range(HOUSEHOLDS):
        endpoint = registered(f"{PUBLIC}/{number}", name=f"Clinic {number}")
        for _delivery in range(HOUSEHOLDS):
            queued(endpoint)
    return [Caller(first.carer), Caller(first.doctor.user), Caller(staff("administrator"))]


def test_the_number_of_queries_does_not_depend_on_the_rows(callers):
    wrong, unseen = {}, set(LISTS)
    for path in LISTS:
        for who, caller in enumerate(callers):
            address = filled(caller, path)
            if address is None or shown(caller, address, 100)["count"] < HOUSEHOLDS:
                continue
            unseen.discard(path)
            found = shown(caller, address, 100)["count"]
            of_one = max(queries(caller, address, 1, page) for page in range(1, min(found, 20) + 1))
            of_all = queries(caller, address, 100)
            if of_all > of_one:
                wrong[path, who] = (of_one, of_all)

    assert wrong == {}
    assert unseen == set(), (
        f"nobody sees {HOUSEHOLDS} rows of these: make them above, or in tests/<app>/owned.py"
    )
    assert len(LISTS) > 8


def test_a_long_list_shows_the_same_pages_as_a_short_one(callers, monkeypatch):
    addresses = [(caller, filled(caller, path)) for caller in callers for path in LISTS]
    pages = [(caller, f"{address}?page_size=2&page=2") for caller, address in addresses if address]

    short = [caller.get(page).json() for caller, page in pages]
    monkeypatch.setattr(KeysFirst, "long", 1)

    assert [caller.get(page).json() for caller, page in pages] == short
    assert sum(len(answer.get("results", ())) == 2 for answer in short) > len(LISTS)


def filled(caller: Caller, path: str) -> str | None:
    """The address, below the first row of the list above it."""
    if "{" not in path:
        return path
    above, _brace, below = path.partition("{ref}")
    answer = caller.get(above)
    rows = answer.json()["results"] if answer.status_code == 200 else []
    return f"{above}{rows[0]['ref']}{below}" if rows else None


def shown(caller: Caller, address: str, size: int, page: int = 1) -> dict:
    answer = caller.get(f"{address}?page_size={size}&page={page}")
    return answer.json() if answer.status_code == 200 else {"count": 0}


def queries(caller: Caller, address: str, size: int, page: int = 1) -> int:
    with CaptureQueriesContext(connection) as captured:
        shown(caller, address, size, page)
    return len(captured)
