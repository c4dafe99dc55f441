"""Triggers that mark the days of the past whose rows change, in the transaction of the change.

They see every writer, also a bulk write and a statement typed by hand. What is younger than two days is not
marked, because its month is not kept yet, unless it is in a month that is: the clock may have been wrong.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import DEFAULT_DB_ALIAS, connections

from billing.models import Invoice, InvoiceLine, Payment, Refund
from billing.querysets import NOT_YET_BOOKED
from clinical.models import Diagnosis, Encounter
from hms.core import triggers
from hms.reports.models import ChangedDay, KeptMonth
from scheduling.models import Appointment

OTHERWISE = "Reports read every row, because no triggers tell what changes"
VISIT, ENCOUNTER, BILL = "scheduling_appointment", "clinical_encounter", "billing_invoice"
PAYMENT, REFUND = "billing_payment", "billing_refund"


@dataclass(frozen=True)
class Mark:
    """The days of a moment: a column of the row that changes, or of rows that are found by it."""

    moment: str
    found: str = ""


OF_VISIT = Mark("visit.starts_at", f"{VISIT} visit WHERE visit.id = {{row}}.appointment_id")
FOLLOWING = (
    Mark("bill.created_at", f"{BILL} bill WHERE bill.appointment_id = {{row}}.id"),
    Mark(
        "payment.captured_at",
        f"{PAYMENT} payment JOIN {BILL} bill ON bill.id = payment.invoice_id"
        " WHERE bill.appointment_id = {row}.id",
    ),
    Mark(
        "refund.closed_at",
        f"{REFUND} refund JOIN {PAYMENT} payment ON payment.id = refund.payment_id"
        f" JOIN {BILL} bill ON bill.id = payment.invoice_id WHERE bill.appointment_id = {{row}}.id",
    ),
    Mark("record.follow_up_on", f"{ENCOUNTER} record WHERE record.appointment_id = {{row}}.id"),
)
MARKED = {
    Appointment: (Mark("{row}.starts_at"),),
    Invoice: (Mark("{row}.created_at"),),
    InvoiceLine: (Mark("bill.created_at", f"{BILL} bill WHERE bill.id = {{row}}.invoice_id"),),
    Payment: (Mark("{row}.captured_at"),),
    Refund: (Mark("{row}.closed_at"),),
    Encounter: (OF_VISIT, Mark("{row}.follow_up_on")),
    Diagnosis: (
        Mark(
            "visit.starts_at",
            f"{VISIT} visit JOIN {ENCOUNTER} record ON visit.id = record.appointment_id"
            " WHERE record.id = {row}.encounter_id",
        ),
    ),
}
EVENTS = {"INSERT": ("NEW",), "UPDATE": ("OLD", "NEW"), "DELETE": ("OLD",)}


def install(using: str) -> bool:
    """Create the triggers; False if the server does not let this account create any."""
    return triggers.create(using, statements(connections[using].vendor), otherwise=OTHERWISE)


def remove(using: str) -> None:
    triggers.drop(using, statements(connections[using].vendor))


def missing(using: str = DEFAULT_DB_ALIAS) -> set[str]:
    return statements(connections[using].vendor).keys() - triggers.names_in_database(using)


def statements(vendor: str) -> dict[str, str]:
    """CREATE TRIGGER statements by name."""
    found = {}
    for model, marks in MARKED.items():
        for event, rows in EVENTS.items():
            name = f"reports_{model._meta.model_name}_{event.lower()}"
            body = [_insert(mark, row, vendor) for mark in marks for row in rows]
            found[name] = _trigger(name, model, event, "1 = 1", body, vendor)
    body = [_insert(mark, "NEW", vendor) for mark in FOLLOWING]
    name = "reports_appointment_moved"
    found[name] = _trigger(name, Appointment, "UPDATE", " OR ".join(_moved()), body, vendor)
    return found


def _moved() -> Iterator[str]:
    """When bills and follow-ups of an appointment belong elsewhere, or begin or cease to count."""
    for column in ("doctor_id", "branch_id", "patient_id", "starts_at"):
        yield f"OLD.{column} <> NEW.{column}"
    statuses = ", ".join(f"'{status}'" for status in sorted(NOT_YET_BOOKED))
    yield f"(OLD.status IN ({statuses})) <> (NEW.status IN ({statuses}))"


def _trigger(name: str, model, event: str, when: str, body: list[str], vendor: str) -> str:
    head = f"CREATE TRIGGER {name} AFTER {event} ON {model._meta.db_table}"
    inserts = " ".join(body)
    if vendor == "sqlite":
        return f"{head} WHEN {when} BEGIN {inserts} END"
    return f"{head} FOR EACH ROW BEGIN IF {when} THEN {inserts} END IF; END"


def _insert(mark: Mark, row: str, vendor: str) -> str:
    moment, found = mark.moment.format(row=row), mark.found.format(row=row)
    now, nothing = ("UTC_TIMESTAMP() - INTERVAL 2 DAY", "DUAL WHERE 1 = 1")
    if vendor == "sqlite":
        now, nothing = "datetime('now', '-2 days')", "(SELECT 1) WHERE 1 = 1"
    kept = f"(SELECT MAX(kept.first) FROM {KeptMonth._meta.db_table} kept)"  # noqa: S608 - names only
    later = f"{kept} + INTERVAL 31 DAY" if vendor == "mysql" else f"date({kept}, '+31 days')"
    insert = f"INSERT INTO {ChangedDay._meta.db_table} (day) SELECT DATE({moment})"
    return (
        f"{insert} FROM {found or nothing}"
        f" AND {moment} IS NOT NULL AND ({moment} < {now} OR {moment} < {later});"
    )


def prepare_to_migrate(plan, using: str, **_kwargs) -> None:
    """A migration may write without triggers, and SQLite cannot rebuild a table that a trigger names."""
    if plan and {Appointment._meta.db_table, KeptMonth._meta.db_table} <= set(
        connections[using].introspection.table_names()
    ):
        remove(using)
        KeptMonth.objects.using(using).all().delete()


def install_after_migrating(using: str, **_kwargs) -> None:
    """Where some are missing: to create one ends a transaction on MariaDB. New ones come with a migration."""
    tables = set(connections[using].introspection.table_names())
    if {model._meta.db_table for model in (*MARKED, ChangedDay, KeptMonth)} <= tables and missing(using):
        install(using)
