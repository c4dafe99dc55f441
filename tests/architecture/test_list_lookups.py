"""An address filters a staff list by the filters of that list, and by nothing else."""

from copy import copy

import pytest
from django.contrib import admin
from django.contrib.admin.exceptions import DisallowedModelAdminLookup
from django.contrib.admin.options import IncorrectLookupParameters

from accounts.models import User
from tests.factories import PatientFactory, UserFactory, staff

pytestmark = [pytest.mark.django_db, pytest.mark.feature("A04")]

LOOKUPS = ("contains", "gt", "in", "isnull", "regex", "startswith", "year")
every_admin = pytest.mark.parametrize(
    "model_admin", admin.site._registry.values(), ids=lambda each: type(each).__name__
)


def columns_within_reach(model) -> list[str]:
    """The columns of the model and of the models that it is related to, in either direction."""
    related = [field for field in model._meta.get_fields() if field.is_relation and field.related_model]
    paths = {f"{near.name}__{far.name}" for near in related for far in near.related_model._meta.fields}
    return sorted(paths | {field.name for field in model._meta.get_fields()})


def listed_keys(model_admin, rf, superuser, query: dict) -> list | None:
    """Keys of the listed rows; None if the address is refused."""
    request = rf.get("/", query)
    request.user = superuser
    try:
        return [row.pk for row in model_admin.get_changelist_instance(request).result_list]
    except (DisallowedModelAdminLookup, IncorrectLookupParameters):
        return None


def own_parameters(model_admin) -> set[str]:
    filters = [one for one in model_admin.list_filter if not isinstance(one, type)]
    columns = [one if isinstance(one, str) else one[0] for one in filters]
    return {f"{name}__{end}" for name in columns for end in ("exact", "id__exact", "isnull")}


@every_admin
def test_no_column_can_be_asked_except_through_a_filter(model_admin, rf):
    superuser = UserFactory(is_staff=True, is_superuser=True)
    model_admin = copy(model_admin)
    model_admin.get_actions = lambda _request: {}  # they look for the site's address in the request
    asked = {f"{name}__{lookup}" for name in columns_within_reach(model_admin.model) for lookup in LOOKUPS}
    asked -= own_parameters(model_admin)

    answers = {name: listed_keys(model_admin, rf, superuser, {name: "1"}) for name in sorted(asked)}

    assert {name: keys for name, keys in answers.items() if keys is not None} == {}


@pytest.mark.parametrize(
    "query",
    [
        "password__startswith=md5",
        "password__regex=.",
        "is_superuser__exact=1",
        "last_login__isnull=1",
        "full_name__regex=(",
        "groups__name=doctor",
        "guardianships__patient__mrn__startswith=H",
    ],
)
def test_the_desk_cannot_read_columns_of_logins_through_the_address(client, desk, query):
    UserFactory(full_name="Asha Rao")
    client.raise_request_exception = False

    answer = client.get(f"/admin/accounts/user/?{query}")

    assert answer.status_code == 400
    assert "Asha Rao" not in answer.text


@pytest.mark.parametrize(
    "address",
    [
        "/admin/billing/gatewayevent/?payload__contains=a",
        "/admin/audit/auditevent/?changes__contains=a",
        "/admin/accounts/patient/?full_name__regex=(",
        "/admin/accounts/patient/export/?full_name__regex=(",
        "/admin/accounts/patient/export/?phone__startswith=%2B91",
        "/admin/accounts/patient/export/?nothing=1",
        "/admin/scheduling/doctor/export/?user__password__startswith=a",
    ],
)
def test_a_lookup_that_no_filter_has_is_a_wrong_address(client, address):
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    client.raise_request_exception = False

    answer = client.get(address)

    assert answer.status_code == 400
    assert 'href="/admin/"' in answer.text


def test_filters_and_the_key_of_a_row_still_choose_rows(client):
    client.force_login(staff("administrator"))
    asha, ravi = PatientFactory(gender="female"), PatientFactory(gender="male")
    client.get("/admin/accounts/patient/")

    def listed(query):
        return list(client.get(f"/admin/accounts/patient/?{query}").context["cl"].result_list)

    assert listed("gender__exact=female") == [asha]
    assert listed(f"id__exact={ravi.pk}") == [ravi]
    assert listed("when=today&gender__exact=male") == [ravi]
    assert User.objects.count() == 1
