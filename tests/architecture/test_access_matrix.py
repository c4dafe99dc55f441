"""Every clinical page, opened by everybody around a patient: docs/access.md says who gets it."""

import re
from collections.abc import Iterator
from itertools import product

import pytest
from django.apps import apps
from django.db.models import QuerySet

from accounts.models import Patient
from clinical.admin.pages import PAGES
from clinical.models import ClinicalRecord
from clinical.statuses.confidentiality import Confidentiality
from tests.addresses import routes
from tests.clinical.scene import PRIVATE_WORD, PULSE, REVIEW, WORD, Scene
from tests.ours import ROOT

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.feature("C09")]

DOCTORS = ["own doctor", "colleague", "covering doctor"]
GROUPS = {
    "doctors": DOCTORS,
    "nurses": ["nurse today", "nurse tomorrow"],
    "treating": [*DOCTORS, "nurse today"],
    "nobody": [],
}
MARKS = ("normal", "confidential", "sensitive", "hidden")
# Who may read a word of the record on some page, by how the record is marked.
CARERS = {"patient", "guardian"}
READERS = {
    "normal": {*GROUPS["treating"], *CARERS},
    "confidential": {"own doctor", "colleague", *CARERS},
    "sensitive": {"own doctor", *CARERS},
    "hidden": {"own doctor", "patient"},
}
MARKS_OF_ROWS = ("sensitive", "hidden")
VISIT_PAGES = re.compile(r"/(me/appointments|book|admin/scheduling)/")
REVIEW_PAGES = re.compile(r"/admin/(clinical/emergencyaccess|audit/anomaly)/")
LABORATORY_PAGES = re.compile(r"/admin/(lab|clinical/(laborder|labresult))/")
# The row that fills an address, where its name does not say.
OF_VISIT = ("issue-certificate", "consultation", "vitals", "order-tests", "prescribe")
ROW_OF_PAGE = dict.fromkeys(OF_VISIT, "visit") | {
    "visit": "encounter", "result": "labresult", "file": "attachment", "edit-symptoms": "next visit",
    "write-review": "completed visit", "withdraw-review": "completed visit",
    "appointment": "visit", "check-booking": "held visit",
    **dict.fromkeys(("lab-job", "lab-correct", "lab-label"), "laborder"),
}  # fmt: skip
ARGUMENT = re.compile(r"<(?:\w+:)?(\w+)>")


def expanded(address: str) -> Iterator[str]:
    parts = [part.split(",") for part in re.split(r"[{}]", address)]
    return ("".join(chosen) for chosen in product(*parts))


def people_in(cell: str) -> set[str]:
    return {person for name in cell.split(", ") for person in GROUPS.get(name.strip(), [name.strip()])}


def table() -> dict[str, list[set[str]]]:
    """For each address who gets it: once, or for each of MARKS."""
    rows = {}
    for line in (ROOT / "docs" / "access.md").read_text().splitlines():
        if found := re.match(r"\| .+? \| `(/.+?)` \| (.+) \|$", line):
            cells = [people_in(cell) for cell in found[2].split(" | ")]
            rows |= dict.fromkeys(expanded(found[1]), cells)
    return rows


def all_pages() -> dict[str, str]:
    """The name of each page by its address, with the names of the arguments."""
    return {ARGUMENT.sub(r"<\1>", route): name for name, route, _module in routes()}


def clinical_pages() -> set[str]:
    staff_pages = {f"admin:{name}" for _route, _view, name in PAGES}
    return {
        ARGUMENT.sub(r"<\1>", route)
        for name, route, module in routes()
        if module == "clinical.urls"
        or name in staff_pages
        or name.startswith("admin:clinical_")
        or "/me/records/" in route
    }


def test_every_clinical_page_has_a_line_and_every_line_a_page():
    assert clinical_pages() <= set(table()) <= set(all_pages())


def marked(scene: Scene, mark: str) -> None:
    Patient.objects.filter(pk=scene.patient.pk).update(is_confidential=mark == "confidential")
    of_rows = {"sensitive": Confidentiality.SENSITIVE, "hidden": Confidentiality.HIDDEN}
    for model in apps.get_app_config("clinical").get_models():
        if issubclass(model, ClinicalRecord):  # signed rows refuse updates of their own manager
            QuerySet(model).update(confidentiality=of_rows.get(mark, Confidentiality.NORMAL))


def filled(scene: Scene, address: str, name: str) -> str:
    """The address with the row of the patient; of a catalogue, the first row."""
    if "/import/" in address:  # a file that nobody has sent
        return ARGUMENT.sub("0" * 32, address)
    if "<mrn>" in address:
        return address.replace("<mrn>", scene.patient.mrn)
    page = re.sub(r"^(clinical|scheduling|show|print|download)[_-]", "", name.partition(":")[2])
    kind = page.partition("_")[0]
    kind = ROW_OF_PAGE.get(page) or ROW_OF_PAGE.get(kind, kind)
    if "<object_id>" in address:
        row = scene.rows.get(kind) or apps.get_model("clinical", kind)._base_manager.earliest("pk")
        return address.replace("<object_id>", str(row.pk))
    address = address.replace("<code>", scene.rows["certificate"].document.code)
    return address.replace("<reference>", scene.rows[kind].reference) if "<" in address else address


def text_of(answer) -> str:
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return content.decode(errors="replace")


def is_about(scene: Scene, address: str, text: str) -> bool:
    """Whether a list shows a row of the patient."""
    result, letter = scene.rows["labresult"].order.test.name, scene.rows["certificate"].number
    if address == "/me/records/access/":
        return "visit record" in text
    signs = [WORD, REVIEW, rf"\b{PULSE}\b", re.escape(result), letter]
    # The lists of the record name the patient above no rows, too.
    by_name = [] if re.match(r"/me/records/\w", address) else [re.escape(scene.patient.full_name)]
    return re.search("|".join(signs + by_name), text) is not None


def leaks(page: str, mark: str, who: str, text: str) -> list[tuple]:
    """Words of the record on a page of somebody who may not read them; the private note is its author's."""
    if VISIT_PAGES.match(page) and mark in MARKS_OF_ROWS:
        mark = "normal"  # what was typed at booking is no row of the record
    at_work = {"laboratory": LABORATORY_PAGES, "auditor": REVIEW_PAGES}
    may_read = who in READERS[mark] or (who in at_work and at_work[who].match(page))
    is_own = who == "own doctor"
    words = [word for word, may in ((WORD, may_read), (PRIVATE_WORD, is_own)) if not may]
    around = re.search(f".{{,60}}({'|'.join(words)}).{{,20}}", text) if words else None
    return [(page, mark, who, around[0])] if around else []


def test_each_page_opens_for_the_people_of_its_line_and_for_no_other(scene, clients):
    wrong, leaked = {}, []
    pages = all_pages()
    for address, lines in table().items():
        page = filled(scene, address, pages[address])
        asked = set(clients)  # for a mark, which only closes pages, those who got the unmarked page
        for mark, expected in zip(MARKS, lines, strict=False):
            marked(scene, mark)
            expected, got = set(clients) if expected == {"everybody"} else expected, set()
            for who in sorted(asked):
                answer = clients[who].get(page)
                if answer.status_code != 200:
                    continue
                text = text_of(answer)
                if "<" in address or len(lines) == 1 or is_about(scene, address, text):
                    got.add(who)
                leaked += leaks(page, mark, who, text)
            if got != expected:
                wrong[address, mark] = {"not": expected - got, "also": got - expected}
            asked = got if mark == "normal" else asked
    assert (wrong, leaked) == ({}, [])


def every_page(scene: Scene) -> Iterator[tuple[str, str]]:
    """Each page with arguments filled with each row of the scene that it may be about."""
    rows = scene.rows.values()
    references = {row.reference for row in rows} | {scene.doctor.reference, scene.patient.reference}
    for address in all_pages():
        if "<object_id>" in address or "logout" in address or address.endswith("$"):
            continue
        values = {scene.patient.mrn} if "<mrn>" in address else references
        for value in sorted(values) if "<" in address else [""]:
            yield address, re.sub(r"<\w+>", value, address)


def test_a_page_that_shows_a_word_of_the_record_has_a_line(scene, clients):
    known, shown = table(), set()
    for who in ("own doctor", "patient"):
        for address, page in every_page(scene):
            if address not in known and re.search(f"{WORD}|{PRIVATE_WORD}", text_of(clients[who].get(page))):
                shown.add(address)

    assert shown == set()
