"""The formulary that comes with the software: loaded once, and changed by the hospital afterwards."""

import csv
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

from audit.capture.context import audit_context
from clinical.models import Ingredient, Medicine, MedicineIngredient
from hms.core.transactions import retried_atomic

DATA = Path(__file__).parents[1] / "data"
COLUMNS = ("name", "form", "strength", "per", "route", "classes", "atc", "schedule", "telemedicine")
COLUMNS += ("pregnancy", "source")
Row = dict[str, str]


@retried_atomic
def load_first_formulary() -> list[str]:
    """Load the formulary and its brands and report it; where medicines exist, renew how they are found."""
    if Medicine.objects.exists():
        _renew_search_keys()
        return []
    brands = _brands(_read("brands.csv"))
    rows = _read("medicines.csv")
    with audit_context(reason="Came with the software"):
        medicines = Medicine.objects.bulk_create(
            Medicine(**{name: row[name] for name in COLUMNS}, brands=brands.get(_key(row), ""))
            for row in rows
        )
        names = dict.fromkeys(name for row in rows for name in _listed(row, "ingredients"))
        ingredients = {
            row.name: row for row in Ingredient.objects.bulk_create(Ingredient(name=name) for name in names)
        }
        MedicineIngredient.objects.bulk_create(
            content
            for medicine, row in zip(medicines, rows, strict=True)
            for content in _contents(medicine, row, ingredients)
        )
    return [f"The formulary has been loaded: {len(medicines)} medicines."]


def _renew_search_keys() -> None:
    """Bring the keys up to date with the code that makes them."""
    rows = list(Medicine.objects.all())
    keys = [row.search_key for row in rows]
    for row in rows:
        row.set_key()
    stale = [row for row, key in zip(rows, keys, strict=True) if row.search_key != key]
    if stale:
        Medicine.objects.bulk_update(stale, ["search_key"])


def _read(name: str) -> list[Row]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _brands(rows: Iterable[Row]) -> dict[tuple, str]:
    found: dict[tuple, list[str]] = {}
    for row in rows:
        found.setdefault((row["medicine_name"], row["form"], row["strength"]), []).append(row["brand"])
    return {key: "\n".join(sorted(names)) for key, names in found.items()}


def _key(row: Row) -> tuple[str, str, str]:
    return row["name"], row["form"], row["strength"]


def _contents(medicine: Medicine, row: Row, ingredients: dict[str, Ingredient]):
    names = _listed(row, "ingredients")
    amounts = {
        column: _numbers(row, name, len(names))
        for column, name in (
            ("mg", "strength_mg"),
            ("max_daily_mg_adult", "max_daily_mg_adult"),
            ("max_daily_mg_per_kg_child", "max_daily_mg_per_kg_child"),
        )
    }
    for position, name in enumerate(names):
        own = {column: values[position] for column, values in amounts.items()}
        yield MedicineIngredient(medicine=medicine, ingredient=ingredients[name], position=position, **own)


def _listed(row: Row, column: str) -> list[str]:
    return [name.strip() for name in row[column].split(";")]


def _numbers(row: Row, column: str, count: int) -> list[Decimal | None]:
    """One number for each ingredient, in their order; empty ones are not known."""
    given = [Decimal(text) if text else None for text in _listed(row, column)]
    return given if len(given) == count else [None] * count
