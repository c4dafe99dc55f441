"""Every clinical page, opened by everybody around a patient: docs/access.md says who gets it.

The second half looks for the words of the record wherever those who do not treat the patient can look.
"""

import re
from collections.abc import Iterator
from itertools import product

import pytest
from django.apps import apps
from django.contrib import admin
from django.core import mail
from django.db.models import Max, QuerySet
from django.test import Client

from accounts.models import Patient
from audit.models import AuditEvent
from clinical.admin.pages import PAGES
from clinical.models import ClinicalRecord
from clinical.statuses.confidentiality import Confidentiality
from hms.notifications.models import Notification
from tests.addresses import ADMIN_ROUTES, routes
from tests.clinical.scene import PRIVATE_WORD, PULSE, REVIEW, WORD, Scene, make_scene
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


@pytest.fixture
def scene(wednesday_morning) -> Scene:
    return make_scene()


@pytest.fixture
def clients(scene) -> dict[str, Client]:
    found = {who: Client() for who in [*scene.people, "anonymous"]}
    for who, user in scene.people.items():
        found[who].force_login(user)
    return found


def marked(scene: Scene, mark: str) -> None:
    Patient.objects.filter(pk=scene.patient.pk).update(is_confidential=mark == "confidential")
    of_rows = {"sensitive": Confidentiality.SENSITIVE, "hidden": Confidentiality.HIDDEN}
    for model in apps.get_app_config("clinical").get_models():
        if issubclass(model, ClinicalRecord):  # signed rows refuse updates of their own manager
            QuerySet(model).update(confidentiality=of_rows.get(mark, Confidentiality.NORMAL))


def filled(scene: Scene, address: str, name: str) -> str:
    """The address with the row of the patient; of a catalogue, the first row."""
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
    may_read = who in READERS[mark] or (who == "laboratory" and LABORATORY_PAGES.match(page))
    may_read |= who == "auditor" and REVIEW_PAGES.match(page) is not None
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


UNTREATING = ("reception", "billing", "administrator", "auditor")
LATEST_ROWS = 3
LOG = "/admin/audit/auditevent/"


def staff_addresses(scene: Scene) -> list[str]:
    """Each page of the staff site, those of a row with the latest rows of the model, and the other pages."""
    found = [page for address, page in every_page(scene) if not address.startswith("/admin/")]
    models = {f"{model._meta.app_label}_{model._meta.model_name}": model for model in admin.site._registry}
    for name, route in ADMIN_ROUTES:
        label = "_".join(name.removeprefix("admin:").split("_")[:2])
        if "<path:object_id>" in route and label in models:
            keys = latest_of(models[label])
            found += [route.replace("<path:object_id>", str(key)) for key in keys if "/delete/" not in route]
        elif "logout" not in name and not route.endswith("$"):
            found.append(ARGUMENT.sub(scene.rows["visit"].reference, route))
    return found


def latest_of(model) -> list[int]:
    """Keys of the latest rows; of the log, of the latest entry about each model of the record."""
    rows = model._base_manager.order_by("-pk")
    if model is AuditEvent:
        rows = rows.filter(model__startswith="clinical.").order_by().values("model", "action")
        return list(rows.annotate(latest=Max("pk")).values_list("latest", flat=True))
    return list(rows.values_list("pk", flat=True)[:LATEST_ROWS])


def exports(client: Client) -> Iterator[tuple[str, str]]:
    """What the staff site exports to the user: each table, and the whole log in both formats."""
    for name, route in ADMIN_ROUTES:
        if name.endswith("_export"):
            yield route, text_of(client.post(route, {"format": "0"}))
    for action in ("export_as_csv", "export_as_json"):
        chosen = {"action": action, "select_across": "1", "_selected_action": ["1"], "index": "0"}
        yield action, text_of(client.post(LOG, chosen))


def test_those_who_treat_nobody_find_no_word_of_the_record(scene, clients):
    clients["own doctor"].get(f"/admin/chart/{scene.patient.mrn}/", {"q": WORD})
    pages, leaked = staff_addresses(scene), []
    for who in UNTREATING:
        answers = ((page, clients[who].get(page)) for page in pages)
        texts = [(page, text_of(answer)) for page, answer in answers if answer.status_code == 200]
        assert len(texts) > 30
        for page, text in [*texts, *exports(clients[who])]:
            leaked += leaks(page, "normal", who, text)

    assert leaked == []


def test_an_export_of_the_log_holds_the_lines_about_the_record(scene, clients):
    exported = dict(exports(clients["auditor"]))

    assert all("clinical.encounter" in exported[name] for name in ("export_as_csv", "export_as_json"))


def test_no_search_finds_a_patient_by_a_word_of_the_record(scene, clients):
    lists = [route for name, route in ADMIN_ROUTES if name.endswith("_changelist")]
    boxes = [(model, box) for model, of in admin.site._registry.items() for box in of.autocomplete_fields]
    found = []
    for who in UNTREATING:
        for route in lists:  # some have no search: then nonsense finds the same
            texts = [text_of(clients[who].get(route, {"q": words})) for words in (WORD, WORD[::-1])]
            with_word, with_nonsense = (scene.patient.full_name in text for text in texts)
            found += [(who, route)] if with_word and not with_nonsense else []
        for model, box in boxes:
            asked = {"app_label": model._meta.app_label, "model_name": model._meta.model_name}
            answer = clients[who].get("/admin/autocomplete/", asked | {"field_name": box, "term": WORD})
            found += [(who, model, box)] if answer.status_code == 200 and answer.json()["results"] else []

    assert found == []


def test_no_message_says_a_word_of_the_record(scene):
    messages = str([*Notification.objects.values(), *(vars(message) for message in mail.outbox)])

    assert (WORD in messages, PRIVATE_WORD in messages) == (False, False)
