from decimal import Decimal

import pytest
from django.contrib.auth.models import Permission

from billing.services import take_desk_payment
from tests.api.calls import Caller, told
from tests.billing.rows import booked, held
from tests.factories import DoctorFactory, at, staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday_morning"), pytest.mark.feature("I01")]


def test_administrators_get_the_figures_of_today():
    scene = booked(at(10, days=0))
    booked(at(11, days=2), doctor=scene.doctor)
    held(at(11, 30, days=2), doctor=scene.doctor)
    DoctorFactory(is_active=False)
    paid = take_desk_payment(
        appointment=scene.visit, method="cash", by=staff("billing_clerk"), idempotency_key="x"
    )

    answer = Caller(staff("administrator")).get("stats/")

    assert answer.json() == {
        "doctors": 1,
        "active_bookings": 2,
        "patients": 3,
        "visits_today": 1,
        "revenue_today": str(paid.amount),
    }
    assert paid.amount > Decimal(0)


@pytest.mark.parametrize("role", ["receptionist", "doctor", "billing_clerk", "auditor"])
def test_nobody_else_does(role):
    assert told(Caller(staff(role)).get("stats/")) == (403, "permission_denied")
    assert told(Caller().get("stats/")) == (401, "not_authenticated")


def test_who_assigns_roles_and_may_see_no_money_gets_none_of_it():
    login = staff()
    login.user_permissions.add(Permission.objects.get(codename="assign_roles"))

    assert told(Caller(login).get("stats/")) == (403, "permission_denied")
