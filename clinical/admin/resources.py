"""Import and export of the formulary, with the columns of the file that comes with the software."""

from decimal import Decimal, InvalidOperation

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from import_export.fields import Field
from import_export.widgets import CharWidget

from clinical.exceptions import IngredientMissing
from clinical.models import Ingredient, Medicine, MedicineIngredient
from clinical.services.medicines import save_ingredient, save_medicine
from hms.core.folded import same_name
from hms.core.locks import lock_first
from hms.core.tables.resources import ServiceResource

AMOUNTS = {
    "strength_mg": "mg",
    "max_daily_mg_adult": "max_daily_mg_adult",
    "max_daily_mg_per_kg_child": "max_daily_mg_per_kg_child",
}


class LinesWidget(CharWidget):
    """Lines of a text, in a cell separated by semicolons."""

    def clean(self, value, row=None, **kwargs):  # noqa: ARG002 - the library's signature
        return "\n".join(_listed(value))

    def render(self, value, obj=None, **kwargs):  # noqa: ARG002
        return ";".join(value.splitlines())


class ContentField(Field):
    """A column with a text for each ingredient, between semicolons: their names, or an amount of each."""

    def get_value(self, instance, **kwargs):  # noqa: ARG002 - the library's signature
        found = contents_of(instance)
        if self.column_name == "ingredients":
            return ";".join(found)
        values = [amounts[AMOUNTS[self.column_name]] for amounts in found.values()]
        texts = ["" if value is None else f"{value.normalize():f}" for value in values]
        return ";".join(texts) if any(texts) else ""

    def save(self, instance, row, is_m2m=False, **kwargs):  # noqa: ARG002
        """Amounts of ingredients that the medicine had stay, where the row has none."""
        found, cell = contents_of(instance), row[self.column_name]
        if self.column_name == "ingredients":
            names, none = [name.casefold() for name in _listed(cell)], dict.fromkeys(AMOUNTS.values())
            instance.typed_contents = {name: dict(found.get(name, none)) for name in names}
            return
        texts = [text.strip() for text in str(cell).split(";")]
        if len(texts) != len(found):
            raise ValueError(_("Write one amount for each ingredient, separated by semicolons."))
        column = AMOUNTS[self.column_name]
        instance.typed_contents = {
            name: amounts | {column: _number(text)}
            for (name, amounts), text in zip(found.items(), texts, strict=True)
        }


class MedicineResource(ServiceResource):
    """One medicine per row, identified by name, form and strength."""

    ingredients = ContentField("ingredients", "ingredients")
    strength_mg = ContentField("strength_mg", "strength_mg")
    max_daily_mg_adult = ContentField("max_daily_mg_adult", "max_daily_mg_adult")
    max_daily_mg_per_kg_child = ContentField("max_daily_mg_per_kg_child", "max_daily_mg_per_kg_child")
    brands = Field("brands", "brands", widget=LinesWidget())
    key = "name"
    known_as = {"name": ("generic", "generic name", "medicine", "drug"), "form": ("dosage form",)}
    examples = {
        "name": "paracetamol",
        "form": "tablet",
        "strength": "500 mg",
        "per": "unit",
        "route": "oral",
        "ingredients": "paracetamol",
        "strength_mg": "500",
        "brands": "Crocin;Dolo",
    }
    advice = gettext_lazy(
        "A medicine is found by its name, form and strength. Several ingredients, amounts and brands are "
        "separated by semicolons; amounts are in the order of the ingredients."
    )

    class Meta(ServiceResource.Meta):
        model = Medicine
        import_id_fields = ["name"]
        clean_model_instances = True
        fields = export_order = (
            *("name", "form", "strength", "per", "route", "atc", "classes", "schedule", "telemedicine"),
            *("pregnancy", "source", "is_active", "ingredients", *AMOUNTS, "brands"),
        )

    def get_queryset(self):
        return super().get_queryset().with_contents()

    def get_instance(self, instance_loader, row):  # noqa: ARG002 - the library's signature
        name, form, strength = (str(row.get(column) or "").strip() for column in ("name", "form", "strength"))
        try:
            form = self.fields["form"].widget.clean(form)
        except ValueError:  # said when the cell is read
            return None
        named = same_name(Medicine, "name", name) & same_name(Medicine, "strength", strength)
        rows = self.get_queryset().filter(named, form=form)
        return lock_first(rows) if self.locks else rows.first()

    def check(self, instance, exclude: set[str]) -> None:
        super().check(instance, exclude)
        if not contents_of(instance) and "ingredients" not in exclude:
            raise ValidationError({"ingredients": IngredientMissing.text})

    def do_instance_save(self, instance, is_create):  # noqa: ARG002 - the library's signature
        contents = None
        if hasattr(instance, "typed_contents"):
            contents = [
                MedicineIngredient(ingredient=self.ingredient(name), **amounts)
                for name, amounts in instance.typed_contents.items()
            ]
        save_medicine(medicine=instance, contents=contents, by=self.by)

    def ingredient(self, name: str) -> Ingredient:
        found = Ingredient.objects.filter(same_name(Ingredient, "name", name)).first()
        return found or save_ingredient(ingredient=Ingredient(name=name), by=self.by)


def contents_of(medicine: Medicine) -> dict[str, dict[str, Decimal | None]]:
    """The amounts of each ingredient: as a row of a file says, or else as the database has them."""
    if hasattr(medicine, "typed_contents"):
        return medicine.typed_contents
    rows = medicine.contents.all() if medicine.pk else ()
    return {row.ingredient.name: {name: getattr(row, name) for name in AMOUNTS.values()} for row in rows}


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text) if text else None
    except InvalidOperation:
        number = Decimal(-1)
    if number is not None and not (number.is_finite() and number > 0):
        raise ValueError(_("“%(text)s” is no amount.") % {"text": text})
    return number


def _listed(cell) -> list[str]:
    return [text.strip() for text in str(cell).split(";") if text.strip()]
