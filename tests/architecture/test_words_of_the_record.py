"""No word of the record is found where those who treat nobody can look."""

from collections.abc import Iterator

import pytest
from django.contrib import admin
from django.core import mail
from django.db.models import Max
from django.test import Client

from audit.models import AuditEvent
from hms.notifications.models import Notification
from tests.addresses import ADMIN_ROUTES
from tests.architecture.test_access_matrix import ARGUMENT, every_page, leaks, text_of
from tests.clinical.scene import PRIVATE_WORD, WORD, Scene

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.feature("C09")]

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
