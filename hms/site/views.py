"""Pages that combine several apps: the home page, the patient's dashboard, past visits."""

from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count, DateField, Q, QuerySet
from django.forms.utils import flatatt
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.models import Guardianship
from billing.models import Invoice
from clinical.models import Encounter
from clinical.statuses.encounters import EncounterStatus
from hms.core.prepared import PreparedQuery
from hms.site.overview import overviews
from scheduling.availability import bookable_doctors
from scheduling.forms.search import SUGGESTS, specializations
from scheduling.models import Department
from scheduling.own import appointments_of, people_cared_for_by, people_with_records
from scheduling.places import open_branches
from scheduling.statuses import AppointmentStatus, VisitMode
from scheduling.views.cards import DoctorCard, FirstFree, cards_of, first_free, soonest_first
from scheduling.views.icons import icon_of

DOCTORS_ON_FRONT_PAGE = 4
VISITS_A_PAGE = 15
SEEN = (AppointmentStatus.COMPLETED, AppointmentStatus.NO_SHOW)
OPEN_DEPARTMENTS = PreparedQuery(
    lambda parameter: (
        Department.objects.filter(is_active=True)
        .annotate(
            doctor_count=Count(
                "doctors",
                filter=Q(
                    doctors__is_active=True,
                    doctors__registration_expires_on__gte=parameter("today", DateField()),
                ),
            )
        )
        .order_by("name")
        .values_list("slug", "name", "doctor_count")
    )
)


@require_safe
def home(request):
    departments = open_departments()
    context = {
        "departments": departments,
        "specializations": [name for name, _label in specializations()],
        "branches": [(branch.code, branch.name, branch.city) for branch in open_branches()],
        "modes": VisitMode.choices,
        "suggests": flatatt(SUGGESTS),
        "doctor_count": sum(department.doctor_count for department in departments),
        "cards": soonest_of_departments(),
    }
    return render(request, "site/home.html", context)


@dataclass(frozen=True)
class OpenDepartment:
    """A department as the front page shows it, with the number of doctors whom a patient may book."""

    slug: str
    name: str
    doctor_count: int
    icon: str


def open_departments() -> list[OpenDepartment]:
    rows = OPEN_DEPARTMENTS.rows(today=timezone.localdate())
    return [OpenDepartment(slug, name, count, icon_of(slug)) for slug, name, count in rows]


def soonest_of_departments() -> list[DoctorCard]:
    """The doctors who are free soonest, each of another department."""
    chosen: dict[int, FirstFree] = {}
    for found in soonest_first(first_free(bookable_doctors())):
        if found.slot:
            chosen.setdefault(found.doctor.department_id, found)
    return cards_of(list(chosen.values())[:DOCTORS_ON_FRONT_PAGE])


@login_required
@require_safe
def dashboard(request):
    people = people_cared_for_by(request.user)
    upcoming = list(appointments_of(request.user, people).current().order_by("starts_at", "pk")[:6])
    booked = [each for each in upcoming if each.status != AppointmentStatus.HELD]
    context = {
        "holds": [each for each in upcoming if each.status == AppointmentStatus.HELD],
        "next": booked[0] if booked else None,
        "later": booked[1:],
        "people": people,
        "may_see_records": any(guardianship.may_see_records for guardianship in people),
        "bills": bills_due(request.user, people),
        "overviews": overviews(request.user, people),
    }
    return render(request, "site/dashboard.html", context)


def bills_due(user, people: list[Guardianship]) -> list[Invoice]:
    patients = [guardianship.patient_id for guardianship in people]
    bills = Invoice.objects.visible_to(user).filter(patient__in=patients).for_patients().for_list()
    return [bill for bill in bills if bill.is_due]


@login_required
@require_safe
def list_records(request):
    people, person = people_with_records(request)
    visits = past_visits(request.user, [person] if person else people)
    page = Paginator(visits, VISITS_A_PAGE).get_page(request.GET.get("page"))
    records = records_of_visits(request.user, page.object_list)
    context = {
        "rows": [(visit, records.get(visit.pk)) for visit in page.object_list],
        "page": page,
        "people": people,
        "person": person.patient if person else None,
        "whose": f"?person={person.patient.reference}" if person else "",
    }
    return render(request, "site/records.html", context)


def records_of_visits(user, visits) -> dict[int, Encounter]:
    """The signed record of each visit that has one."""
    signed = Encounter.objects.visible_to(user).filter(status=EncounterStatus.SIGNED)
    return {row.appointment_id: row for row in signed.filter(appointment__in=list(visits))}


def past_visits(user, people: list[Guardianship]) -> QuerySet:
    visits = appointments_of(user, people).filter(status__in=SEEN)
    return visits.order_by("-starts_at", "pk")
