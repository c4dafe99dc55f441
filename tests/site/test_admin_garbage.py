"""Invalid parameters of a list in the staff site never cause a server error."""

from urllib.parse import urlencode

import pytest
from django.contrib import admin
from django.db.models import DateField
from django.urls import reverse

from accounts.models import Patient
from billing.models import GatewayEvent, Payment, Receipt, Refund, TaxPolicy
from scheduling.models import Appointment, Doctor, ScheduleException, WeeklySchedule
from tests.billing.rows import held, paid
from tests.factories import ScheduleExceptionFactory, at, staff

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

LISTS = [
    *(Receipt, Refund, Payment, TaxPolicy, GatewayEvent),
    *(Appointment, Doctor, ScheduleException, WeeklySchedule, Patient),
]
TYPED = [
    *("😀", "\x00", "a\x00b", "'; --", "%", "\\", "<b>", "9" * 30, "\u0131", "\u202e\U0010ffff"),
    *("x" * 3000, "a b c d e f g h i j"),
]
WRITTEN = ["\x00😀", "-1.x"]
PARAMETERS = ["o", "p", "e", "_to_field", "_popup", "_changelist_filters", "nothing", "__"]
BYTES = ["q=%ED%A0%80", "q=%FF%FE", "q=%F0%9F", "q=a&q=b", "o=1.-2.x", "&&&=%00"]
every_list = pytest.mark.parametrize("model", LISTS, ids=lambda model: model.__name__)


@pytest.fixture
def _rows():
    """Rows for most lists."""
    paid(held(at(9)))
    ScheduleExceptionFactory()


def addresses_of(model) -> list[dict]:
    """Query parameters of the list: each filter, period and the search with invalid values."""
    model_admin = admin.site._registry[model]
    names = list(PARAMETERS)
    for one in model_admin.list_filter:
        lookups = ("__exact", "__id__exact", "__gte")
        if isinstance(one, type):
            names.append(one.parameter_name)
        else:
            name, lookups = (one, lookups) if isinstance(one, str) else (one[0], ("__isempty",))
            names += [f"{name}{lookup}" for lookup in lookups]
    moments = [field.name for field in model._meta.fields if isinstance(field, DateField)]
    names += [f"{name}__{part}" for name in moments for part in ("year", "month", "day")]
    return [{"q": text} for text in TYPED] + [{name: text} for name in names for text in WRITTEN]


def list_of(model) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


@every_list
@pytest.mark.usefixtures("_rows")
def test_a_list_never_answers_garbage_with_an_error(client, model):
    client.force_login(staff("administrator"))
    client.raise_request_exception = False
    asked = [*map(urlencode, addresses_of(model)), *BYTES]

    answers = {query: client.get(f"{list_of(model)}?{query}").status_code for query in asked}

    assert {query: answer for query, answer in answers.items() if answer not in (200, 302, 400)} == {}


@pytest.mark.parametrize("term", TYPED)
@pytest.mark.parametrize("field", ["appointment.patient", "appointment.doctor", "weeklyschedule.doctor"])
def test_a_search_while_typing_never_answers_garbage_with_an_error(client, field, term):
    client.force_login(staff("administrator"))
    client.raise_request_exception = False
    model, name = field.split(".")
    asked = {"term": term, "app_label": "scheduling", "model_name": model, "field_name": name}

    assert client.get(reverse("admin:autocomplete"), asked).status_code in (200, 403)
