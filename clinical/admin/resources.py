"""Import and export of the formulary, with the columns of the file that comes with the software."""

from decimal import Decimal, InvalidOperation

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from import_export.fields import Field
from import_export.resources import ModelResource

from clinical.models import Ingredient, Medicine, MedicineIngredient
from clinical.services.medicines import save_ingredient, save_medicine
from hms.core.folded import same_name

OWN = ("name", "form", "strength", "per", "route", "atc", "classes", "schedule", "telemedicine")
OWN += ("pregnancy", "source", "is_active")
AMOUNTS = {
    "strength_mg": "mg",
    "max_daily_mg_adult": "max_daily_mg_adult",
    "max_daily_mg_per_kg_child": "max_daily_mg_per_kg_child",
}


class MedicineResource(ModelResource):
    """One medicine per row, found by name, form and strength; ingredients and their amounts by semicolons."""

    ingredients = Field(column_name="ingredients")
    strength_mg = Field(column_name="strength_mg")
    max_daily_mg_adult = Field(column_name="max_daily_mg_adult")
    max_daily_mg_per_kg_child = Field(column_name="max_daily_mg_per_kg_child")
    brands = Field(column_name="brands")

    class Meta:
        model = Medicine
        import_id_fields = ["name", "form", "strength"]
        fields = export_order = (*OWN, "ingredients", *AMOUNTS, "brands")
        report_skipped = True

    def __init__(self, by=None, **kwargs):
        super().__init__(**kwargs)
        self.by = by

    def get_queryset(self):
        return super().get_queryset().with_contents()

    def before_import_row(self, row, **_kwargs):
        missing = [name for name in (*OWN[:5], "ingredients") if not str(row.get(name) or "").strip()]
        if missing:
            raise ValidationError(_("Empty columns: %(names)s.") % {"names": ", ".join(missing)})
        for name in OWN[5:-1]:
            if name in row:
                row[name] = str(row[name] or "").strip()

    def import_instance(self, instance, row, **kwargs):
        super().import_instance(instance, row, **kwargs)
        instance.imported_contents = _contents(row)
        if "brands" in row:
            instance.brands = "\n".join(_listed(row["brands"]))

    def do_instance_save(self, instance, is_create):  # noqa: ARG002
        contents = []
        for name, amounts in instance.imported_contents:
            found = Ingredient.objects.filter(same_name(Ingredient, "name", name)).first()
            found = found or save_ingredient(ingredient=Ingredient(name=name), by=self.by)
            contents.append(MedicineIngredient(ingredient=found, **amounts))
        save_medicine(medicine=instance, contents=contents, by=self.by)

    def dehydrate_ingredients(self, medicine):
        return ";".join(row.ingredient.name for row in medicine.contents.all())

    def dehydrate_brands(self, medicine):
        return ";".join(medicine.brand_names)

    def dehydrate_strength_mg(self, medicine):
        return _joined(medicine, "mg")

    def dehydrate_max_daily_mg_adult(self, medicine):
        return _joined(medicine, "max_daily_mg_adult")

    def dehydrate_max_daily_mg_per_kg_child(self, medicine):
        return _joined(medicine, "max_daily_mg_per_kg_child")


def _joined(medicine: Medicine, column: str) -> str:
    values = (getattr(row, column) for row in medicine.contents.all())
    return ";".join("" if value is None else f"{value.normalize():f}" for value in values).strip(";")


def _contents(row) -> list[tuple[str, dict[str, Decimal | None]]]:
    """Each ingredient with its amounts; a column is empty, or has one amount for each ingredient."""
    names = [name.casefold() for name in _listed(row["ingredients"])]
    amounts = {}
    for column, field in AMOUNTS.items():
        texts = [text.strip() for text in str(row.get(column) or "").split(";")]
        if texts == [""]:
            texts = [""] * len(names)
        if len(texts) != len(names):
            text = _("%(column)s needs one amount for each ingredient.")
            raise ValidationError(text % {"column": column})
        amounts[field] = [_number(text, column) for text in texts]
    return [
        (name, {field: values[place] for field, values in amounts.items()})
        for place, name in enumerate(names)
    ]


def _number(text: str, column: str) -> Decimal | None:
    try:
        number = Decimal(text) if text else None
    except InvalidOperation:
        number = Decimal(-1)
    if number is not None and not (number.is_finite() and number > 0):
        raise ValidationError(_("%(column)s: “%(text)s” is no amount.") % {"column": column, "text": text})
    return number


def _listed(value) -> list[str]:
    return [name.strip() for name in str(value or "").split(";") if name.strip()]
