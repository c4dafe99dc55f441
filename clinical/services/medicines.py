from clinical.exceptions import IngredientMissing
from clinical.models import Ingredient, Medicine, MedicineIngredient
from hms.core.rights import require_to_save
from hms.core.transactions import retried_atomic


@retried_atomic
def save_medicine(*, medicine: Medicine, contents: list[MedicineIngredient] | None = None, by) -> Medicine:
    """Save a medicine of the formulary; `contents`, if given, replace its ingredients.

    Prescriptions keep what was printed. Refuses contents without an ingredient.
    """
    require_to_save(by, medicine)
    medicine.full_clean()
    medicine.save()
    if contents is None:
        return medicine
    if not contents:
        raise IngredientMissing
    kept = {row.ingredient_id: row for row in medicine.contents.all()}
    for position, row in enumerate(contents):
        same = kept.pop(row.ingredient_id, None)
        row.pk = same and same.pk
        row._state.adding = same is None
        row.medicine, row.position = medicine, position
        row.full_clean()
        row.save()
    for row in kept.values():
        row.delete()
    return medicine


@retried_atomic
def save_medicine_ingredient(*, content: MedicineIngredient, by) -> MedicineIngredient:
    require_to_save(by, content.medicine)
    content.full_clean()
    content.save()
    return content


@retried_atomic
def save_ingredient(*, ingredient: Ingredient, by) -> Ingredient:
    require_to_save(by, ingredient)
    ingredient.full_clean()
    ingredient.save()
    return ingredient
