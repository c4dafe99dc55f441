"""The pages of steps that two people take and of decisions about pairs, at two widths."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import ApprovalRequest, Guardianship
from accounts.services import ask_approval, decide_pair
from audit.models import Anomaly
from billing.models import GatewayEvent
from billing.services import ask_refund
from scheduling.services import book_appointment
from tests.billing.rows import held, paid, started
from tests.billing.test_gateway import message, post
from tests.browser.rows import given_a_doctor
from tests.factories import PatientFactory, UserFactory, at, carer_of, staff

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.feature("A04")]

APPROVALS = "/admin/accounts/approvalrequest/"
LONG = "Venkatanarasimharajuvaripeta Subramaniam"


def two_requests(by) -> ApprovalRequest:
    payment = paid(held(at(11), given_a_doctor()))
    ask_refund(payment=payment, amount=Decimal("559.00"), reason="The doctor was ill that day", by=by)
    user = UserFactory(full_name=LONG, email="subramaniam.venkatanarasimha@hospital.example.org")
    return ask_approval(kind="give_role", about_pk=user.pk, values={"role": "auditor"}, by=by)


@pytest.mark.parametrize("width", [360, 1440])
def test_pages_of_approvals(visitor, settings, width):
    settings.REFUND_LIMIT = 100
    first, second = (staff("administrator", full_name=name) for name in ("Ravi Admin", "Meena Admin"))
    request = two_requests(first)
    person = visitor(width=width)

    person.logs_in_as(second)
    for page in (
        "/admin/",
        APPROVALS,
        f"{APPROVALS}{request.pk}/change/",
        f"{APPROVALS}{request.pk}/decide/",
    ):
        person.opens(page)
    person.opens(reverse("admin:accounts_user_change", args=[request.about_pk]))


@pytest.mark.parametrize("width", [360, 1440])
def test_pages_of_an_anomaly_about_oneself(visitor, width):
    auditor, then = staff("auditor"), timezone.now() - timedelta(hours=1)
    values = {"key": "k", "rule": "many_opened", "actor_label": str(auditor), "count": 70, "event_ids": [1]}
    anomaly = Anomaly.objects.create(actor=auditor, begins_at=then, ends_at=then, **values)
    person = visitor(width=width)

    person.logs_in_as(auditor)
    person.opens(f"/admin/audit/anomaly/{anomaly.pk}/change/")
    person.opens(f"{APPROVALS}anomaly/{anomaly.pk}/")


@pytest.mark.parametrize("width", [360, 1440])
def test_pages_of_possible_duplicates(visitor, width):
    desk = staff("receptionist")
    older, newer, other = (
        PatientFactory(full_name=LONG, date_of_birth=date(1984, 3, 27)) for _each in range(3)
    )
    decide_pair(one=older, other=newer, status="same", reason="Both came with one Aadhaar card", by=desk)
    given_a_doctor()
    person = visitor(width=width)

    person.logs_in_as(desk)
    person.opens(reverse("admin:accounts_patient_possible_duplicates"))
    person.opens(reverse("admin:decide-pair", args=[other.reference, newer.reference]))
    person.opens(reverse("admin:decide-pair", args=[newer.reference, older.reference]))
    person.opens(reverse("admin:accounts_duplicatepair_changelist"))
    person.opens(reverse("admin:accounts_patient_changelist"))
    person.opens(reverse("admin:accounts_patient_change", args=[newer.pk]))
    person.opens(f"{reverse('admin:scheduling_appointment_add')}?q={newer.mrn}")
    person.opens(f"{reverse('admin:scheduling_appointment_add')}?patient={newer.reference}")


@pytest.mark.parametrize("width", [360, 1440])
def test_pages_of_money_in_doubt_and_of_ended_care(visitor, client, width):
    clerk, doctor = staff("billing_clerk"), given_a_doctor()
    payment = started(held(at(11), doctor))
    post(client, message(payment, paise=50000))
    child = PatientFactory(full_name=LONG)
    carer = carer_of(child, relation="child")
    book_appointment(patient=child, doctor=doctor, starts_at=at(10), by=carer)
    care = Guardianship.objects.get(user=carer)
    event = GatewayEvent.objects.get()
    person, other = visitor(width=width), visitor(width=width)

    person.logs_in_as(clerk)
    for page in ("/admin/", f"/admin/billing/gatewayevent/{event.pk}/change/"):
        person.opens(page)
    person.opens(reverse("admin:mark-seen", args=[event.pk]))
    person.opens(reverse("admin:refund-payment", args=[payment.pk]))
    other.logs_in_as(carer)
    other.opens(f"/me/family/{care.reference}/revoke/")
