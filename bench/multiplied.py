"""A large hospital from a small one: copies of its rows, each some weeks earlier, written by the database.

It is there to measure reading. Claims, papers and seals of the log are not copied.
"""

from django.apps import apps
from django.db import connection, models
from django.db.models import Max, Min

PATIENT, APPOINTMENT, LOG = "accounts.Patient", "scheduling.Appointment", "audit.AuditEvent"
COPIED = (
    PATIENT,
    APPOINTMENT,
    "clinical.Encounter",
    "clinical.Diagnosis",
    "clinical.LabOrder",
    "clinical.LabResult",
    "billing.Invoice",
    "billing.InvoiceLine",
    "billing.Payment",
    "billing.Refund",
    LOG,
)
DAYS_BETWEEN = 21
MOST_TIMES = {PATIENT: 40, LOG: 10}  # more copies of visits are of the same people
OVER = {"held": "expired", "booked": "no_show", "arrived": "no_show", "in_consultation": "completed"}
NOT_COPIED = {"token", "token_on", "held_until", "document_id"}


class Multiplication:
    """Copies of the rows that are there now."""

    def __init__(self):
        self.keys = {
            model: model._base_manager.aggregate(first=Min("pk"), last=Max("pk"))
            for model in map(apps.get_model, COPIED)
        }

    def copy(self, number: int) -> None:
        """Add the copy with this number, counted from 1; one statement for each table."""
        if connection.vendor == "mysql":
            with connection.cursor() as cursor:
                cursor.execute("SET foreign_key_checks=0, unique_checks=0, check_constraint_checks=0")
        for model in self.keys:
            if number < MOST_TIMES.get(model._meta.label, number + 1):
                self._copy_table(model, number)

    def _copy_table(self, model, number: int) -> None:
        quote = connection.ops.quote_name
        fields, keys = model._meta.concrete_fields, self.keys[model]
        columns = ", ".join(quote(field.column) for field in fields)
        chosen = ", ".join(self._expression(field, number) for field in fields)
        table, key = quote(model._meta.db_table), quote(model._meta.pk.column)
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {table} ({columns}) SELECT {chosen} FROM {table} "  # noqa: S608 - names only
                f"WHERE {key} BETWEEN {keys['first']} AND {keys['last']}"
            )

    def _expression(self, field: models.Field, number: int) -> str:
        column = connection.ops.quote_name(field.column)
        if field.column in NOT_COPIED:
            return "NULL"
        if field.primary_key or field.related_model in self.keys:
            return f"{column} + {self._distance(field.related_model or field.model, number)}"
        if field.name == "status" and field.model._meta.label == APPOINTMENT:
            cases = " ".join(f"WHEN '{before}' THEN '{after}'" for before, after in OVER.items())
            return f"CASE {column} {cases} ELSE {column} END"
        if field.unique:
            return fresh(column, number)
        if isinstance(field, models.DateField) and field.name != "date_of_birth":
            return earlier(column, number * DAYS_BETWEEN)
        return column

    def _distance(self, model, number: int) -> int:
        """Of the keys of a copy from those of its original; keys that follow the clock go back with it."""
        first, last = self.keys[model]["first"], self.keys[model]["last"]
        if not isinstance(model._meta.pk, models.AutoField):
            return -number * (last - first + 1)
        return last * (number % MOST_TIMES.get(model._meta.label, number + 1))


def fresh(column: str, number: int) -> str:
    """Ten characters that no other row has; nothing stays nothing."""
    if connection.vendor == "sqlite":
        text = f"printf('%03X%07X', {number}, id)"
    else:
        text = f"CONCAT(LPAD(HEX({number}), 3, '0'), LPAD(HEX(id), 7, '0'))"
    return f"CASE WHEN {column} IS NOT NULL THEN {text} END"


def earlier(column: str, days: int) -> str:
    if connection.vendor == "sqlite":
        return f"date({column}, '-{days} days') || substr({column}, 11)"
    return f"{column} - INTERVAL {days} DAY"
