"""Reads what the check needs to know about a patient, and turns rows into the values that it takes."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from itertools import groupby
from operator import itemgetter

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import Patient
from clinical.models import Allergy, CurrentMedicine, Medicine, Prescription, PrescriptionItem, VitalSigns
from clinical.prescribing.facts import AllergyTo, Content, Drug, PatientFacts, Prescribed, Taken
from clinical.prescribing.substances import Product, Vocabulary
from clinical.prescribing.typed import parse_schedule
from clinical.querysets.vitals import weighings_of
from clinical.statuses import Route

LOCAL_ROUTES = {Route.TOPICAL, Route.OPHTHALMIC, Route.OTIC, Route.NASAL, Route.VAGINAL}


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
        self.weights = _by_patient(VitalSigns.objects.filter(**whose).weighed(day))
        self.items = _by_patient(items.prefetch_related("medicine__contents__ingredient"))

    @cached_property
    def vocabulary(self) -> Vocabulary:
        return vocabulary()


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
        weight_doubt=_weight_doubt(prescription.weight_kg, patient, records.weights[patient.pk], today),
        allergies=_allergies(records.allergies[patient.pk], records),
        taken=(
            *_current(records.current[patient.pk], {item.medicine_id for item in items}),
            *_running(records.items[patient.pk], prescription, today),
        ),
    )


def _weight_doubt(kg: Decimal | None, patient: Patient, rows: list[VitalSigns], today: date) -> str:
    if kg is None:
        return ""
    until_then = [row for row in rows if timezone.localdate(row.measured_at) <= today]
    return weighings_of(patient, until_then).doubt(kg, today)


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


def _allergies(rows: list[Allergy], records: Records) -> tuple[AllergyTo, ...] | None:
    if not rows:
        return None
    substances = {row.substance: row.category for row in rows if not row.is_none_known}
    if not substances:
        return ()
    return tuple(
        records.vocabulary.meaning(substance, category) for substance, category in substances.items()
    )


def vocabulary() -> Vocabulary:
    """The names of the whole formulary, in one query."""
    rows = Medicine.objects.order_by("pk").values_list(
        "pk", "brands", "classes", "contents__ingredient__name"
    )
    return Vocabulary(
        Product(
            frozenset(name for *_medicine, name in some if name),
            frozenset(filter(None, map(str.strip, classes.split(";")))),
            tuple(brands.splitlines()),
        )
        for (_pk, brands, classes), group in groupby(rows, key=itemgetter(0, 1, 2))
        for some in [list(group)]
    )


def doubt_about_name(allergy: Allergy) -> str:
    """What whoever records an allergy must know: the check reads it otherwise, or cannot compare it."""
    if allergy.is_none_known:
        return ""
    known = vocabulary()
    meant = known.meaning(allergy.substance, allergy.category)
    named = {"substance": allergy.substance, "name": meant.read_as or known.proposal(allergy.substance)}
    if meant.is_known:
        text = _("The check reads “%(substance)s” as %(name)s. Did you mean %(name)s?")
        return text % named if meant.read_as else ""
    if not meant.is_to_medicine:
        return ""
    if named["name"]:
        return _("The check of prescriptions does not know “%(substance)s”. Did you mean %(name)s?") % named
    return _("The check of prescriptions does not know “%(substance)s” and cannot compare it.") % named
