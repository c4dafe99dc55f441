"""Which role opens which page of billing, scheduling and clinical records in the staff site."""

import pytest
from django.contrib import admin

from accounts.models import User
from accounts.roles import Role
from billing.models import (
    BillingProfile,
    GatewayEvent,
    Invoice,
    Payment,
    Receipt,
    Refund,
    TaxClass,
    TaxPolicy,
)
from billing.services import refund_payment
from clinical.models import (
    Allergy,
    Attachment,
    Certificate,
    CurrentMedicine,
    DiagnosisTerm,
    EmergencyAccess,
    Encounter,
    Ingredient,
    LabOrder,
    LabPanel,
    LabResult,
    LabTest,
    Medicine,
    NotifiableDisease,
    OrderSet,
    Phrase,
    Prescription,
    PrescriptionTemplate,
    Problem,
    ReferenceRange,
    Review,
    VitalSigns,
)
from hms.advice.models import Article
from hms.reports.models import ReportSubscription
from scheduling.models import (
    Appointment,
    Branch,
    Complaint,
    Department,
    Discipline,
    Doctor,
    NoShowModel,
    Nurse,
    Offer,
    OverbookingRule,
    ScheduleException,
    Specialization,
    WaitingListEntry,
    WeeklySchedule,
)
from tests.billing.rows import D, cashier, held, paid
from tests.clinical.rows import visit_today
from tests.factories import (
    NurseFactory,
    ScheduleExceptionFactory,
    at,
    doctor_with_hours,
    staff,
)
from tests.owned import Household, makers

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.feature("A04")]

LETTERS = {
    "R": Role.RECEPTIONIST,
    "D": Role.DOCTOR,
    "N": Role.NURSE,
    "L": Role.LAB_TECHNICIAN,
    "B": Role.BILLING_CLERK,
    "U": Role.AUDITOR,
    "A": Role.ADMINISTRATOR,
}
# The pages of these apps have such tables in other tests.
ELSEWHERE = {"accounts", "audit", "auth", "jobs", "notifications", "webhooks"}
PAGES = ("", "add/", "{}/change/", "{}/history/", "{}/delete/")
# The roles that can open the list, the add page, a row, its history and the delete page.
# The doctor is the visit's own, and the nurse works with that doctor.
OPENED = {
    #                    list       add   row        history    delete
    Allergy:           ("DN",      "DN", "DN",      "DN",      ""),
    Attachment:        ("DN",      "",   "DN",      "DN",      ""),
    Certificate:       ("DN",      "",   "DN",      "DN",      ""),
    EmergencyAccess:   ("DNU",     "",   "U",       "U",       ""),
    Encounter:         ("DN",      "",   "DN",      "DN",      ""),
    LabOrder:          ("DNL",     "",   "DNL",     "DNL",     ""),
    LabPanel:          ("DNLA",    "A",  "DNLA",    "DNLA",    ""),
    LabResult:         ("DNL",     "",   "DNL",     "DNL",     ""),
    LabTest:           ("DNLA",    "A",  "DNLA",    "DNLA",    ""),
    ReferenceRange:    ("DNLA",    "A",  "DNLA",    "DNLA",    ""),
    Problem:           ("DN",      "DN", "DN",      "DN",      ""),
    Review:            ("DA",      "",   "DA",      "A",       ""),
    Appointment:       ("RDNBA",   "RDA", "RDNBA",   "RDNBA",   ""),
    Branch:            ("RDNLBUA", "A",  "RDNLBUA", "RDNLBUA", "A"),
    Article:           ("RDNLBUA", "A",  "RDNLBUA", "RDNLBUA", "A"),
    Complaint:         ("RDNLBUA", "A",  "RDNLBUA", "RDNLBUA", "A"),
    Discipline:        ("RDNLBUA", "A",  "RDNLBUA", "RDNLBUA", "A"),
    Department:        ("RDNLBUA", "A",  "RDNLBUA", "RDNLBUA", "A"),
    DiagnosisTerm:     ("DNA",     "",   "DNA",     "DNA",     ""),
    CurrentMedicine:   ("DN",      "DN", "DN",      "DN",      ""),
    Doctor:            ("RDNLBUA", "A",  "RDNLBUA", "RDNLBUA", "A"),
    Ingredient:        ("DNA",     "A",  "DNA",     "DNA",     ""),
    Medicine:          ("DNA",     "A",  "DNA",     "DNA",     ""),
    NoShowModel:       ("A",       "",   "A",       "A",       ""),
    NotifiableDisease: ("A",       "A",  "A",       "A",       ""),
    Nurse:             ("RDNLBUA", "A",  "RDNLBUA", "RDNLBUA", "A"),
    Offer:             ("RA",      "",   "RA",      "RA",      ""),
    OverbookingRule:   ("A",       "A",  "A",       "A",       "A"),
    ScheduleException: ("RDNLBUA", "DA", "RDNLBUA", "RDNLBUA", "A"),
    Specialization:    ("RDNLBUA", "A",  "RDNLBUA", "RDNLBUA", "A"),
    WaitingListEntry:  ("RA",      "RA", "RA",      "RA",      ""),
    WeeklySchedule:    ("RDNLBUA", "A",  "RDNLBUA", "RDNLBUA", "A"),
    BillingProfile:    ("BA",      "A",  "BA",      "BA",      ""),
    GatewayEvent:      ("BA",      "",   "BA",      "BA",      ""),
    Invoice:           ("RBA",     "",   "RBA",     "RBA",     ""),
    Payment:           ("RBA",     "",   "RBA",     "RBA",     ""),
    Prescription:      ("DN",      "",   "DN",      "DN",      ""),
    OrderSet:          ("D",       "D",  "D",       "D",       ""),
    Phrase:            ("D",       "D",  "D",       "D",       ""),
    PrescriptionTemplate: ("D",    "D",  "D",       "D",       ""),
    Receipt:           ("RBA",     "",   "RBA",     "RBA",     ""),
    ReportSubscription: ("A",      "A",  "A",       "A",       "A"),
    Refund:            ("RBA",     "",   "RBA",     "RBA",     ""),
    TaxClass:          ("BA",      "A",  "BA",      "BA",      ""),
    TaxPolicy:         ("BA",      "A",  "BA",      "BA",      ""),
    VitalSigns:        ("DN",      "",   "DN",      "DN",      ""),
}  # fmt: skip
OTHERS = {
    (Appointment, "desk/"): "RNA",
    (Appointment, "{}/reschedule/"): "RDA",
    (Appointment, "{}/cancel/"): "RDA",
    (Doctor, "{}/why/"): "RDNLBUA",
    (Doctor, "import/"): "A",
    (Doctor, "export/"): "A",
    (Department, "import/"): "A",
    (Department, "export/"): "A",
    (Nurse, "import/"): "A",
    (Nurse, "export/"): "A",
    (Medicine, "import/"): "A",
    (Medicine, "export/"): "A",
    (Payment, "{}/refund/"): "BA",
}


@pytest.fixture
def everything():
    """One row of each model, and a login of each role."""
    people = {letter: staff(role) for letter, role in LETTERS.items()}
    scene = held(at(9), doctor_with_hours(user=people["D"]))
    payment = paid(scene)
    booking_request = {"amount": D("100.00"), "reason": "Asked", "idempotency_key": "k" * 12}
    refund_payment(payment=payment, by=cashier(), **booking_request)
    NurseFactory(user=people["N"]).doctors.add(scene.doctor)
    household = Household(carer=people["D"], doctor=scene.doctor, patient=scene.patient)
    next(household.times)  # is held
    for model in (WaitingListEntry, Offer):
        makers()[model][0](household)
    ScheduleExceptionFactory(doctor=scene.doctor)
    OverbookingRule.objects.create(doctor=scene.doctor)
    ReportSubscription.objects.create(user=people["A"], kind="day")
    GatewayEvent.objects.create(gateway="simulated", event_id="e", payment=payment, payload={})
    visit_today(scene.doctor, scene.patient, starts_at=at(8, days=0))
    for model in OPENED:
        if model._meta.app_label == "clinical" and model in makers():  # `migrate` made reference data
            makers()[model][0](household)
    PrescriptionTemplate.objects.create(doctor=scene.doctor, name="Fever", lines="dolo 650 sos")
    Phrase.objects.create(doctor=scene.doctor, abbreviation="rest", text="Rest at home")
    OrderSet.objects.create(doctor=scene.doctor, name="Fever", test_lines="CBC")
    Article.objects.create(kind="question", slug="parking", title="Where can I park?", text="Behind.")
    return people


def opened_by(client, people: dict[str, User], model, page: str) -> str:
    """The letters of the roles that can open the page; the others are redirected or get status 403."""
    row = model._default_manager.earliest("pk")
    address = f"/admin/{model._meta.app_label}/{model._meta.model_name}/{page.format(row.pk)}"
    statuses = {}
    for letter, user in people.items():
        client.force_login(user)
        statuses[letter] = client.get(address).status_code
    assert set(statuses.values()) <= {200, 302, 403}
    return "".join(letter for letter, status in statuses.items() if status == 200)


def test_the_table_has_a_line_for_every_list():
    listed = {model for model in admin.site._registry if model._meta.app_label not in ELSEWHERE}

    assert set(OPENED) == listed


@pytest.mark.parametrize("model", OPENED, ids=lambda model: model.__name__)
def test_a_page_opens_for_the_roles_of_the_table_and_for_no_other(client, everything, model):
    opened = tuple(opened_by(client, everything, model, page) for page in PAGES)

    assert opened == OPENED[model]


@pytest.mark.parametrize(("model", "page"), OTHERS)
def test_another_page_opens_for_the_roles_of_the_table_and_for_no_other(client, everything, model, page):
    assert opened_by(client, everything, model, page) == OTHERS[model, page]
