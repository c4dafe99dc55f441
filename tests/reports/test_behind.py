"""Each number leads to the list of exactly what it counts."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

import hypothesis
import pytest
import time_machine
from django.db import transaction
from django.db.models import F, Sum
from django.utils import timezone
from hypothesis import strategies as st

from hms.reports.admin.shown import ShownAnswer
from hms.reports.behind import COUNTED, Counted
from hms.reports.forms import ScopeForm
from hms.reports.periods import Step
from hms.reports.question import QUESTIONS, Kind
from hms.reports.services import ask
from scheduling.models import Branch
from tests.factories import staff
from tests.reports.hospital import DAYS, ZONES, carry_out, make_hospital, plans

pytestmark = [pytest.mark.django_db, pytest.mark.feature("R03")]
NOW = datetime(2026, 11, 8, 12, tzinfo=UTC)

AMOUNTS = {"billed": "total", "received": "amount", "refunded": "amount"}
# Differences of two numbers that have lists, and times that were offered and not booked.
WITHOUT_LIST = {"kept", "offered"}


def measured(name: str, rows):
    """The number in the column called so, of the rows of the list."""
    if name in AMOUNTS:
        return sum(rows.values_list(AMOUNTS[name], flat=True), Decimal(0))
    if name == "booked":
        lasted = rows.aggregate(found=Sum(F("ends_at") - F("starts_at")))["found"]
        return (lasted or timedelta()) // timedelta(minutes=1)
    return rows.count()


def numbers(answer: ShownAnswer):
    """Each number that says how many or how much, with its column and its address."""
    rows = [
        (row, {one.name: address for one, _text, address in cells})
        for row, cells in zip(answer.answer.rows, answer.lines(), strict=True)
    ]
    if totals := answer.answer.totals:
        addresses = [address for _text, address in answer.totals()]
        rows.append((totals, dict(zip([one.name for one in answer.columns[1:]], addresses, strict=True))))
    for row, addresses in rows:
        for one in answer.columns:
            if one.kind in (Kind.COUNT, Kind.MONEY) and row.get(one.name):
                yield one, row[one.name], addresses[one.name]


def listed(address: str, user):
    [text] = parse_qs(urlsplit(address).query)[COUNTED]
    counted = Counted.read(text, user)
    return counted.of(counted.column.behind.model.objects.visible_to(user))


@hypothesis.given(
    plans=plans,
    zone=st.sampled_from(ZONES),
    span=st.sampled_from([(DAYS[0], DAYS[-1]), (DAYS[2], DAYS[2]), (DAYS[1], DAYS[4])]),
    step=st.sampled_from(Step),
    branch=st.sampled_from([None, 0]),
    doctor=st.sampled_from([None, 0, 1]),
)
@hypothesis.settings(
    max_examples=10,
    suppress_health_check=list(hypothesis.HealthCheck),
    phases=[hypothesis.Phase.generate],
)
def test_a_list_has_what_its_number_counts(plans, zone, span, step, branch, doctor):
    with time_machine.travel(NOW, tick=False), timezone.override(zone), transaction.atomic():
        hospital = make_hospital()
        Branch.objects.filter(pk=hospital.branches[0].pk).update(is_active=False)
        for plan in plans:
            carry_out(hospital, plan, zone)
        user = staff("administrator", "nurse", "lab_technician")
        wrong = []
        for question in QUESTIONS.values():
            asked = {"first": str(span[0]), "last": str(span[1]), "step": step.value}
            asked |= {} if branch is None else {"branch": hospital.branches[branch].code}
            asked |= {} if doctor is None else {"doctor": hospital.doctors[doctor].reference}
            asked = {name: asked[name] for name in ("first", "last", *question.filters) if name in asked}
            form = ScopeForm(asked, question=question, doctors=None)
            assert form.is_valid()
            answer = ShownAnswer(ask(question=question, scope=form.scope(user), by=user))
            for column, number, address in numbers(answer):
                if column.name in WITHOUT_LIST or question.not_listed:
                    assert not address
                elif (found := measured(column.name, listed(address, user))) != number:
                    wrong.append((question.slug, column.name, number, found))

        assert wrong == []
        transaction.set_rollback(True)


def test_what_leads_to_no_list_says_why():
    silent = {
        (slug, column.name)
        for slug, question in QUESTIONS.items()
        for column in question.columns
        if column.kind in (Kind.COUNT, Kind.MONEY) and not column.behind and not question.not_listed
    }

    assert {name for _slug, name in silent} == WITHOUT_LIST
    assert [
        slug for slug, one in QUESTIONS.items() if one.not_listed and any(c.behind for c in one.columns)
    ] == []
