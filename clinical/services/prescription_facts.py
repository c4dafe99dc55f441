"""Reads what the check needs to know about a patient, and turns rows into the values that it takes."""

import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from itertools import takewhile
from operator import itemgetter

from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import Patient
from clinical.models import Allergy, CurrentMedicine, Medicine, Prescription, PrescriptionItem
from clinical.prescribing.check import BROAD
from clinical.prescribing.facts import AllergyTo, Content, Drug, PatientFacts, Prescribed, Taken
from clinical.prescribing.typed import parse_schedule
from clinical.querysets.medicines import search_key
from clinical.statuses import AllergyCategory, DoseForm, Route

LOCAL_ROUTES = {Route.TOPICAL, Route.OPHTHALMIC, Route.OTIC, Route.NASAL, Route.VAGINAL}
# Names of classes that patients and doctors use.
CALLED = {"sulfa": "sulfonamide", "sulpha": "sulfonamide", "sulphonamide": "sulfonamide"}
SHORTEST_WORD = 3
FORMS = {word for form in DoseForm for word in form.value.split("_")}


def drug_of(medicine: Medicine | None) -> Drug | None:
    """The medicine as the check takes it; prefetch `contents__ingredient`."""
    if medicine is None:
        return None
    contents = tuple(
        Content(each.ingredient.name, each.mg, each.max_daily_mg_adult, each.max_daily_mg_per_kg_child)
        for each in medicine.contents.all()
    )
    return Drug(medicine.name, contents, medicine.class_names, medicine.per, medicine.pregnancy)


def prescribed(item: PrescriptionItem) -> Prescribed:
    return Prescribed(
        name=item.title,
        drug=drug_of(item.medicine),
        schedule=parse_schedule(item.schedule),
        dose=item.dose,
        unit=item.dose_unit,
        is_systemic=_is_systemic(item.route),
    )


def _is_systemic(route: str) -> bool:
    return route not in LOCAL_ROUTES


class Records:
    """The rows about these patients that the check reads on a day and after it, in a few queries."""

    def __init__(self, patients: Iterable[int], day: date):
        whose = {"patient__in": list(patients)}
        self.allergies = _by_patient(Allergy.objects.filter(**whose).current())
        current = CurrentMedicine.objects.filter(**whose).active().select_related("medicine")
        self.current = _by_patient(current.prefetch_related("medicine__contents__ingredient"))
        items = PrescriptionItem.objects.filter(**whose).in_force(day)
        self.items = _by_patient(items.prefetch_related("medicine__contents__ingredient"))


def _by_patient(rows: Iterable) -> dict[int, list]:
    by_patient = defaultdict(list)
    for row in rows:
        by_patient[row.patient_id].append(row)
    return by_patient


def facts_about(
    prescription: Prescription,
    items: list[PrescriptionItem],
    patient: Patient,
    today: date,
    records: Records | None = None,
) -> PatientFacts:
    records = records or Records([patient.pk], today)
    return PatientFacts(
        age=patient.age_on(today),
        sex=patient.gender,
        weight_kg=prescription.weight_kg,
        allergies=_allergies(records.allergies[patient.pk]),
        taken=(
            *_current(records.current[patient.pk], {item.medicine_id for item in items}),
            *_running(records.items[patient.pk], prescription, today),
        ),
    )


def _current(rows: list[CurrentMedicine], continued: set[int | None]) -> list[Taken]:
    """Active medicines, except those of the formulary that this prescription continues."""
    return [
        Taken(str(row), drug_of(row.medicine), row.medicine is None or _is_systemic(row.medicine.route))
        for row in rows
        if row.medicine_id is None or row.medicine_id not in continued
    ]


def _running(rows: list[PrescriptionItem], prescription: Prescription, today: date) -> list[Taken]:
    """Items of other valid prescriptions whose course has not ended, except of the one that is repeated."""
    own, taken = {prescription.pk, prescription.repeats_id}, []
    for item in rows:
        if item.prescription_id in own or item.prescription.valid_until < today:
            continue
        begun = timezone.localdate(item.prescription.signed_at)
        if item.duration_days is None or begun + timedelta(days=item.duration_days) > today:
            named = _("%(name)s (prescribed on %(day)s)")
            values = {"name": item.title, "day": date_format(begun, "j M Y")}
            taken.append(Taken(named % values, drug_of(item.medicine), _is_systemic(item.route)))
    return taken


def _allergies(rows: list[Allergy]) -> tuple[AllergyTo, ...] | None:
    if not rows:
        return None
    substances = {row.substance: row.category for row in rows if not row.is_none_known}
    if not substances:
        return ()
    medicines = _named_in(substances)
    listed = Medicine.objects.order_by().values_list("classes", flat=True).distinct()
    classes = {name for text in listed for name in text.split(";")}
    found = [_allergy_to(substance, medicines, classes) for substance in substances]
    return tuple(
        each for each in found if each.is_known or substances[each.substance] == AllergyCategory.MEDICINE
    )


def _named_in(substances) -> list[Medicine]:
    """Medicines that have a word in common with one of the substances."""
    words = {word for substance in substances for word in search_key(substance).split()}
    conditions = Q(pk__in=())
    for word in sorted(word for word in words if len(word) >= SHORTEST_WORD):
        conditions |= Q(search_key__contains=f" {word}")
    return list(Medicine.objects.filter(conditions).with_contents())


def _allergy_to(substance: str, medicines: list[Medicine], classes: set[str]) -> AllergyTo:
    """What the substance means: an ingredient, a brand or a class, each as whole words of it."""
    text = search_key(substance)
    related: dict[str, tuple[int, frozenset[str]]] = {}
    for medicine in medicines:
        contained = [content.ingredient.name for content in medicine.contents.all()]
        is_brand = any(_contains(text, brand_word(brand)) for brand in medicine.brand_names)
        for name in contained:
            if is_brand or _contains(text, name):
                # The medicine with the fewest ingredients says best which class this one is of.
                known = related.get(name, (len(contained) + 1, frozenset()))
                related[name] = min(known, (len(contained), medicine.class_names - BROAD), key=itemgetter(0))
    words = {*text.split(), *re.sub(r"s\b", "", text).split()}
    words = {CALLED.get(word, word) for word in words}
    spoken = {name for name in classes if name and set(name.split("_")) <= words}
    return AllergyTo(
        substance,
        ingredients=frozenset(related),
        classes=frozenset(spoken),
        related_classes=frozenset().union(*(found for _count, found in related.values())),
    )


def brand_word(brand: str) -> str:
    """The brand without strength and form: "augmentin" of "Augmentin 625 Duo"."""
    words = takewhile(lambda word: not any(map(str.isdigit, word)), search_key(brand).split())
    return " ".join(word for word in words if word not in FORMS)


def _contains(text: str, name: str) -> bool:
    key = search_key(name)
    return bool(key) and f"{key} " in f"{text} "
