"""Sums of past months that are kept say what the rows say, whatever happens to the rows afterwards."""

from datetime import UTC, date, datetime, timedelta

import hypothesis
import pytest
import time_machine
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from hypothesis import strategies as st

from billing.models import Invoice, InvoiceLine, Payment, Refund
from clinical.models import Diagnosis, Encounter
from hms.reports.keeping import keep_months, months_over
from hms.reports.models import ChangedDay
from hms.reports.parts import PARTS
from hms.reports.scope import Scope
from scheduling.models import Appointment
from tests.factories import staff
from tests.reports import expected, expected_records  # noqa: F401 - they fill EXPECTED
from tests.reports.hospital import ZONES, carry_out, make_hospital, plans
from tests.reports.test_questions import told
from tests.reports.world import EXPECTED, World

pytestmark = [pytest.mark.django_db, pytest.mark.feature("R08")]
NOW = datetime(2026, 12, 28, 12, tzinfo=UTC)
OCTOBER, NOVEMBER = date(2026, 10, 1), date(2026, 11, 1)
SPANS = [
    (date(2026, 9, 20), date(2026, 12, 10)),
    (OCTOBER, NOVEMBER),
    (NOVEMBER, date(2026, 11, 30)),
]
MADE_OF_PARTS = (
    *("revenue", "revenue-per-department", "revenue-per-doctor", "revenue-per-method", "gst"),
    *("doctors", "departments", "waiting", "diagnoses", "outcomes"),
)
EARLY = datetime(2026, 11, 3, tzinfo=UTC)
WEEKS = timedelta(days=14)


def move(rows):
    for visit in rows(Appointment):
        starts_at = visit.starts_at + WEEKS
        rows(Appointment).filter(pk=visit.pk).update(starts_at=starts_at, ends_at=visit.ends_at + WEEKS)


# What may become of a row of the past; each takes rows by their model.
CHANGES = {
    "move": move,
    "cancel": lambda rows: rows(Appointment).filter(held_until=None).update(status="cancelled"),
    "book": lambda rows: rows(Appointment).filter(status="expired").update(status="booked"),
    "come late": lambda rows: rows(Appointment).filter(status="no_show").update(status="completed"),
    "another doctor": lambda rows: rows(Appointment).update(
        doctor=Appointment.objects.latest("doctor").doctor_id
    ),
    "void": lambda rows: rows(Invoice).filter(number=None).update(status="void"),
    "charge": lambda rows: rows(InvoiceLine).update(taxable_value=7, total=7),
    "pay": lambda rows: rows(Payment).filter(status="captured").update(amount=99999),
    "refund": lambda rows: rows(Refund).update(status="processed", closed_at=EARLY),
    "follow up": lambda rows: rows(Encounter).update(follow_up_on=date(2026, 11, 5)),
    "diagnose": lambda rows: rows(Diagnosis).update(code="A90", title="Dengue"),
    "unlearn": lambda rows: rows(Diagnosis).all()._raw_delete("default"),
}


def plain_rows(at: int):
    """One row of three, written past the services and the log, as a statement typed by hand would be."""
    return lambda model: QuerySet(model).annotate(rest=F("pk") % 3).filter(rest=at)


def wrong(scope: Scope) -> dict:
    world = World(scope)
    return {
        slug: (told(slug, scope), EXPECTED[slug](world))
        for slug in MADE_OF_PARTS
        if told(slug, scope) != EXPECTED[slug](world)
    }


@hypothesis.given(
    plans=plans,
    zone=st.sampled_from(ZONES),
    span=st.sampled_from(SPANS),
    branch=st.sampled_from([None, 0]),
    doctors=st.sampled_from([None, (1, 2)]),
    changes=st.lists(st.tuples(st.sampled_from(sorted(CHANGES)), st.integers(0, 2)), min_size=1, max_size=4),
)
@hypothesis.settings(
    max_examples=15,
    suppress_health_check=list(hypothesis.HealthCheck),
    phases=[hypothesis.Phase.generate],
    deadline=None,
)
def test_what_is_kept_says_what_the_rows_say(plans, zone, span, branch, doctors, changes):
    with time_machine.travel(NOW, tick=False), timezone.override(zone), transaction.atomic():
        hospital = make_hospital()
        for plan in plans:
            carry_out(hospital, plan, zone)
        scope = Scope(
            *span,
            by=staff("administrator"),
            branches=None if branch is None else frozenset([hospital.branches[branch].pk]),
            doctors=None if doctors is None else frozenset(hospital.doctors[one].pk for one in doctors),
        )

        kept = keep_months()

        assert kept == len(PARTS) * len(months_over())
        assert wrong(scope) == {}
        for name, at in changes:
            CHANGES[name](plain_rows(at))
            assert wrong(scope) == {}, name
        keep_months()
        assert not ChangedDay.objects.exists()
        assert wrong(scope) == {}
        transaction.set_rollback(True)
