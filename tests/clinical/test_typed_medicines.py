"""What doctors type is read as the medicine that they mean, or stays as they typed it."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clinical.exceptions import DaysRefused, DoseMissing, DoseRefused, LinesRefused
from clinical.models import Encounter
from clinical.services import finish_visit, open_encounter, record_no_known_allergies
from clinical.services.prescription_lines import item_of, line_from, lines_from, meant
from tests.clinical.prescribing import write
from tests.clinical.rows import doctor_at_work, visit_today
from tests.factories import PatientFactory
from tests.opened import opened

pytestmark = [pytest.mark.django_db, pytest.mark.feature("C13")]

CLEAR, LOOK = True, False
# typed: as the formulary names it, and whether it is clear enough to be signed unseen
READ = {
    "metformin 500": ("metformin, tablet 500 mg", CLEAR),
    "metformin 500mg": ("metformin, tablet 500 mg", CLEAR),
    "metformin 0.5 g": ("metformin, tablet 500 mg", CLEAR),
    "metformin 1g": ("metformin prolonged-release, tablet 1 g", LOOK),
    "telmisartan 40": ("telmisartan, tablet 40 mg", CLEAR),
    "atorva 10": ("atorvastatin, tablet 10 mg", CLEAR),
    "amox 500": ("amoxicillin, capsule 500 mg", CLEAR),
    "500 amoxicillin cap": ("amoxicillin, capsule 500 mg", CLEAR),
    "amoxycillin 500": ("amoxicillin, capsule 500 mg", LOOK),
    "amoxicillin 250": ("amoxicillin, capsule 250 mg", CLEAR),
    "syp amoxicillin 250": ("amoxicillin, suspension 250 mg/5 mL", CLEAR),
    "amoxicillin 250 mg/5 ml susp": ("amoxicillin, suspension 250 mg/5 mL", CLEAR),
    "augmentin 625": ("amoxicillin + clavulanic acid, tablet 500 mg + 125 mg", CLEAR),
    "Augmentin 1000 Duo": ("amoxicillin + clavulanic acid, tablet 875 mg + 125 mg", CLEAR),
    "sitagliptin metformin 50/500": ("sitagliptin + metformin, tablet 50 mg + 500 mg", CLEAR),
    "moxifloxacin": ("moxifloxacin, tablet 400 mg", CLEAR),
    "moxifloxacin e/d": ("moxifloxacin, eye drops 0.5%", CLEAR),
    "moxifloxacin ed": ("moxifloxacin, eye drops 0.5%", CLEAR),
    "eye drops moxifloxacin": ("moxifloxacin, eye drops 0.5%", CLEAR),
    "moxifloxacin eye drops 0.5%": ("moxifloxacin, eye drops 0.5%", CLEAR),
    "moxifloxacin + dexamethasone e/d": ("moxifloxacin + dexamethasone, eye drops 0.5% + 0.1%", CLEAR),
    "dolo-650": ("paracetamol, tablet 650 mg", CLEAR),
    "dolo": ("paracetamol, tablet 650 mg", CLEAR),
    "pcm 650": ("paracetamol, tablet 650 mg", CLEAR),
    "tab pcm 500": ("paracetamol, tablet 500 mg", CLEAR),
    "paracetamol": ("paracetamol, tablet 500 mg", LOOK),
    "inj paracetamol": ("paracetamol, injection 150 mg/mL", CLEAR),
    "telma": ("telmisartan, tablet 40 mg", CLEAR),
    "glycomet 500": ("metformin, tablet 500 mg", CLEAR),
    "glycomet 500 SR": ("metformin prolonged-release, tablet 500 mg", CLEAR),
    "pan 40": ("pantoprazole, tablet 40 mg", CLEAR),
    "insulin glargine": ("insulin glargine, injection 100 IU/mL", CLEAR),
    "glargine": ("insulin glargine, injection 100 IU/mL", LOOK),
}
AS_TYPED = (
    *("metformin 50", "metformin 5", "metformin 50 mg", "metformin 1500", "telmisartan 4", "telmisartan 400"),
    *("paracetamol 5000 mg", "paracetamol 5000", "paracetamol 65", "amoxicillin 5", "amoxicillin 12"),
    *("amoxicillin 500 mcg", "amoxicillin 125", "amoxicillin 250 mg/ml", "dolo 500", "dolo 651"),
    "augmentin 62",
    *("moxifloxacin d", "moxifloxacin e", "dexamethasone e/d", "m 500", "pan 4", "thyronorm 5", "insulin"),
    *("clavulanic acid", "mox 400", "qwertyuiop 5", "500", "levothyroxine 50 mg", "a b c"),
)  # fmt: skip


@pytest.mark.parametrize(("typed", "read"), READ.items())
def test_the_medicine_that_fits_is_read(typed, read):
    found = meant(typed)

    assert (str(found["medicine"]), found["doubt"] == "") == read


@pytest.mark.parametrize("typed", AS_TYPED)
def test_what_does_not_fit_stays_as_typed_and_is_shown(typed):
    assert meant(typed) == {"medicine": None, "name": typed, "brand": "", "doubt": "is not in the formulary."}


# typed: medicine or name, dose, unit, days, route, instructions
LINES = {
    "insulin 10 BD": ("insulin", 10, "IU", None, "", ""),
    "insulin 10u BD": ("insulin", 10, "IU", None, "", ""),
    "insulin glargine 10 units HS": ("insulin glargine", 10, "IU", None, "subcutaneous", ""),
    "insulin glargine 10 HS": ("insulin glargine", 10, "IU", None, "subcutaneous", ""),
    "syp amoxicillin 125 7.5 ml TDS 5d": ("amoxicillin", Decimal("7.5"), "mL", 5, "oral", ""),
    "syp amoxicillin 125 TDS 7.5 ml x 5": ("amoxicillin", Decimal("7.5"), "mL", 5, "oral", ""),
    "eye drops moxifloxacin 1 drop QID both eyes 5d": (
        "moxifloxacin", 1, "drop", 5, "ophthalmic", "both eyes"
    ),
    "pantoprazole 40 OD bbf 14d": ("pantoprazole", 1, "unit", 14, "oral", "bbf"),
    "amox 500 TDS x 3 days after food": ("amoxicillin", 1, "unit", 3, "oral", "after food"),
    "amox 500 TDS after food 3/7": ("amoxicillin", 1, "unit", 3, "oral", "after food"),
    "amox 500 TDS review after 5 days": ("amoxicillin", 1, "unit", None, "oral", "review after 5 days"),
    "glimepiride 1 tab OD": ("glimepiride", 1, "unit", None, "oral", ""),
    "paracetamol 500 tab BD": ("paracetamol", 1, "unit", None, "oral", ""),
    "paracetamol 500 2 tabs BD": ("paracetamol", 2, "unit", None, "oral", ""),
    "warfarin 5 1/2 tab OD": ("warfarin", Decimal("0.5"), "unit", None, "oral", ""),
    "Dashmool kadha BD": ("Dashmool kadha", 1, "unit", None, "", ""),
    "Itone e/d 2 drops BD": ("Itone e/d", 2, "drop", None, "ophthalmic", ""),
    "Xyz nasal spray BD": ("Xyz nasal spray", 1, "unit", None, "nasal", ""),
    "Xyz cream BD": ("Xyz cream", 1, "unit", None, "topical", ""),
    "inj Xyz 1 ampoule stat": ("inj Xyz", 1, "unit", 1, "", ""),
}  # fmt: skip


@pytest.mark.parametrize(("typed", "written"), LINES.items())
def test_dose_days_and_route_are_those_that_were_typed(typed, written):
    item = item_of(line_from(typed), 1)

    found = (item.name, item.dose, item.dose_unit, item.duration_days, item.route, item.instructions)
    assert found == written


@pytest.mark.parametrize(
    ("typed", "refusal"),
    [
        *((line, DoseMissing) for line in ("syp amoxicillin 125 TDS", "paracetamol drops BD", "syp Xyz BD")),
        *((line, DoseMissing) for line in ("insulin glargine HS", "inj ceftriaxone 1 g OD", "insulin BD")),
        *((line, DoseMissing) for line in ("moxifloxacin e/d QID", "lactulose HS")),
        ("syp amoxicillin 125 0 ml TDS", DoseRefused),
        *((f"amox 500 TDS {days}", DaysRefused) for days in ("5000d", "0d", "x 0", "after food 5000d")),
    ],
)
def test_no_dose_is_invented_and_no_impossible_length_is_written(typed, refusal):
    with pytest.raises(refusal):
        line_from(typed)


def test_a_bad_line_names_itself_and_the_others_are_read():
    with pytest.raises(LinesRefused) as refused:
        lines_from(["amox 500 TDS", "syp amoxicillin 125 TDS", "amox 500 TDS 5000d", "foo bar"])

    (text,) = refused.value.messages
    assert "“syp amoxicillin 125 TDS”: amoxicillin, suspension 125 mg/5 mL: give the dose, e.g. 5 mL." in text
    assert "“amox 500 TDS 5000d”: “5000d”: enter between 1 and 1095 days." in text
    assert "“foo bar” is not a schedule." in text
    assert "“amox 500 TDS”" not in text


@pytest.fixture
def doctor():
    return doctor_at_work()


def consult(client, doctor, lines: str, *, is_asked: bool = True):
    """Finish a visit with these medicines; where the page leads."""
    visit = visit_today(doctor, PatientFactory(gender="male"))
    encounter = open_encounter(appointment=visit, by=doctor.user)
    if is_asked:
        record_no_known_allergies(patient=visit.patient, by=doctor.user)
    client.force_login(doctor.user)
    page = f"/admin/consultation/{visit.reference}/"
    form = opened(client, page) | {"plan": "Rest", "medicine_lines": lines, "finish": "1"}
    answer = client.post(page, form, follow=True)
    encounter.refresh_from_db()
    return answer, encounter


@pytest.mark.feature("C01")
def test_a_visit_with_clear_medicines_is_finished_at_once(client, doctor):
    _page, encounter = consult(client, doctor, "metformin 500 1-0-1 30d\ndolo-650 BD x 3")

    assert encounter.is_signed
    assert encounter.appointment.prescriptions.get().status == "signed"


@pytest.mark.feature("C05")
def test_finishing_checks_the_medicines_once(doctor):
    encounter = open_encounter(appointment=visit_today(doctor, PatientFactory(gender="male")), by=doctor.user)
    record_no_known_allergies(patient=encounter.patient, by=doctor.user)
    Encounter.objects.filter(pk=encounter.pk).update(medicine_lines="metformin 500 1-0-1 30d", plan="Rest")

    with CaptureQueriesContext(connection) as queries:
        finished = finish_visit(encounter=encounter, by=doctor.user)

    assert finished.is_signed
    assert (
        sum('FROM "clinical_interactionsource"' in query["sql"].replace("`", '"') for query in queries) == 1
    )


@pytest.mark.feature("C01")
@pytest.mark.parametrize(
    ("lines", "is_asked", "shown"),
    [
        ("metformin 50 1-0-1 30d", True, "“metformin 50 1-0-1 30d” is not in the formulary."),
        ("amoxycillin 500 TDS 5d", True, "was read as amoxicillin, capsule 500 mg."),
        ("metformin 500 1-0-1 30d", False, "Not checked: allergies (nobody has asked the patient)."),
    ],
)
def test_what_is_doubtful_is_shown_before_it_is_signed(client, doctor, lines, is_asked, shown):
    answer, encounter = consult(client, doctor, lines, is_asked=is_asked)

    assert shown in answer.text
    assert answer.redirect_chain[0][0] == f"/admin/prescribe/{encounter.appointment.reference}/"
    assert (encounter.is_signed, encounter.medicine_lines) == (False, "")
    assert encounter.appointment.prescriptions.get().status == "draft"


@pytest.mark.feature("C01")
def test_a_missing_dose_is_asked_for_where_the_line_was_typed(client, doctor):
    answer, encounter = consult(client, doctor, "metformin 500 BD\nsyp amoxicillin 125 TDS 5d")

    (error,) = answer.context["form"].errors["medicine_lines"]
    assert "“syp amoxicillin 125 TDS 5d”" in error
    assert "give the dose, e.g. 5 mL" in error
    assert not encounter.is_signed


def test_a_doubtful_line_is_saved_but_not_signed_by_the_page_of_the_prescription(client, doctor):
    visit = visit_today(doctor, PatientFactory(gender="male"))
    client.force_login(doctor.user)
    page = f"/admin/prescribe/{visit.reference}/"

    answer = client.post(page, opened(client, page) | {"lines": "telmisartan 4 OD", "sign": "1"})

    assert "“telmisartan 4 OD” is not in the formulary." in answer.text
    draft = visit.prescriptions.get()
    assert (draft.status, draft.items.get().name) == ("draft", "telmisartan 4")


def test_an_item_of_ten_tablets_is_shown_in_digits(client, doctor):
    visit = visit_today(doctor, PatientFactory(gender="male"))
    write(visit.patient, "prednisolone 5 10 tabs OD 5d", weight_kg=Decimal(70))
    client.force_login(doctor.user)

    page = opened(client, f"/admin/prescribe/{visit.reference}/")

    assert (page["item-0-dose"], page["weight_kg"]) == (["10"], ["70"])
