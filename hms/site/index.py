"""The index of the staff site: the user's work of the day, depending on their rights."""

from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from django.db.models import Count, Q
from django.utils import timezone

from accounts.models import ApprovalRequest
from accounts.roles import Role
from billing.models import GatewayEvent, Refund
from clinical.admin.lab_worklist import count_by_status
from clinical.admin.results_inbox import waiting_for
from clinical.models import LabOrder
from clinical.models.lab_result import overdue_since
from clinical.services import waiting_below
from clinical.statuses import CRITICAL
from hms.reports.services import may_ask_something
from hms.site.board import columns_of, doctors_of
from scheduling.admin.day_steps import steps_in_lists
from scheduling.branch_choice import BranchChoice
from scheduling.models import Appointment, Doctor, ScheduleException
from scheduling.services.permissions import may_change_bookings
from scheduling.statuses import AppointmentStatus as Status

MOST_SHOWN = 8
EXPIRES_SOON_DAYS = 60
LOOK_AHEAD_DAYS = 7
IN_DOUBT_DAYS = 30


@dataclass(frozen=True)
class Section:
    """One section of the page."""

    template: str
    context: dict


def sections_for(request, app_list: list[dict]) -> list[Section]:
    """The sections that the person has a right to, most urgent first."""
    user = request.user
    sections = approvals(user)
    if user.has_perm("scheduling.change_doctor"):
        sections.append(Section("admin/index/_administration.html", administration()))
    if user.has_perm("scheduling.check_in") and user.has_perm("scheduling.book_for_others"):
        sections.append(Section("admin/index/_desk.html", desk(user, BranchChoice.of(request))))
    if user.has_perm("clinical.work_in_laboratory"):
        sections.append(Section("admin/index/_laboratory.html", laboratory(user)))
    if user.has_perm("clinical.acknowledge_labresult"):
        sections.append(Section("admin/index/_results.html", results(user)))
    if sees_own_appointments_only(user):
        sections.append(Section("admin/index/_own_day.html", own_day(user)))
    if models := models_of(app_list, "billing"):
        sections.append(Section("admin/index/_billing.html", {"models": models} | refunds(user)))
    sections += [Section("admin/index/_reports.html", {})] * may_ask_something(user)
    if models := models_of(app_list, "audit"):
        sections.append(Section("admin/index/_log.html", {"models": models}))
    return sections


def approvals(user) -> list[Section]:
    """How much waits for the decision of this person, if anything."""
    if not user.has_perm("accounts.view_approvalrequest"):
        return []
    waiting = ApprovalRequest.objects.to_decide(user).count()
    return [Section("admin/index/_approvals.html", {"waiting": waiting})] if waiting else []


def models_of(app_list: list[dict], app_label: str) -> list[dict]:
    return [model for app in app_list if app["app_label"] == app_label for model in app["models"]]


def refunds(user) -> dict:
    """Money that waits to be handed out; the front desk sees it too, and tells the patient."""
    if not user.has_perm("billing.view_refund"):
        return {}
    due = Refund.objects.visible_to(user).to_hand_out().select_related("payment__invoice__patient")
    return {
        "refunds": list(due.order_by("created_at", "pk")[:MOST_SHOWN]),
        "may_hand_out": user.has_perm("billing.refund_payment"),
    } | money_in_doubt(user)


def money_in_doubt(user) -> dict:
    """What the billing office has to know of: amounts nobody asked for, and refunds that failed."""
    if not user.has_perm("billing.view_gatewayevent"):
        return {}
    since = timezone.now() - timedelta(days=IN_DOUBT_DAYS)
    events = GatewayEvent.objects.visible_to(user).in_doubt()
    failed = Refund.objects.visible_to(user).failed(since)
    of_whom = "payment__invoice__patient"
    return {
        "events": list(events.select_related(of_whom)[:MOST_SHOWN]),
        "failed": list(failed.select_related(of_whom).order_by("-closed_at", "-pk")[:MOST_SHOWN]),
    }


def sees_own_appointments_only(user) -> bool:
    return user.has_perm("scheduling.view_appointment") and not user.has_perm(
        "scheduling.view_every_appointment"
    )


def desk(user, choice: BranchChoice) -> dict:
    today = Appointment.objects.visible_to(user).of_today().at_branches(choice.ids)
    counts = {status.value: Count("pk", filter=Q(status=status)) for status in Status}
    expected = today.filter(status=Status.BOOKED).for_list().order_by("starts_at", "pk")
    waiting = today.filter(status=Status.ARRIVED).for_list().order_by("arrived_at", "pk")
    return {
        "choice": choice,
        "counts": today.order_by().aggregate(**counts),
        "expected": with_steps(user, expected[:MOST_SHOWN]),
        "waiting": with_steps(user, waiting[:MOST_SHOWN]),
    }


def with_steps(user, appointments) -> list[tuple]:
    return [(appointment, steps_in_lists(user, appointment)) for appointment in appointments]


def own_day(user) -> dict:
    """Columns of the day board: the doctor's own, or those of the doctors a nurse works with."""
    doctors = list(doctors_of(user, timezone.localdate()))
    is_doctor = user.has_role(Role.DOCTOR)
    return {
        "columns": columns_of(user, doctors, timezone.localdate()),
        "is_doctor": is_doctor,
        "has_doctors": bool(doctors),
        "is_linked": bool(doctors) or hasattr(user, "doctor") or hasattr(user, "nurse"),
        "may_book": may_change_bookings(user),
    }


def laboratory(user) -> dict:
    """How many tests are at each step, and how many of them are overdue."""
    orders = LabOrder.objects.visible_to(user)
    overdue = orders.overdue(timezone.now()).count()
    return {"counts": count_by_status(orders), "overdue": overdue}


def results(user) -> dict:
    """How many reports wait in the inbox: the results of one sample are one report."""
    reports = partial(Count, "order__label", distinct=True)
    counts = (
        waiting_for(user)
        .order_by()
        .aggregate(
            waiting=reports(),
            critical=reports(filter=Q(flag__in=sorted(CRITICAL))),
            overdue=reports(filter=Q(released_at__lte=overdue_since())),
        )
    )
    return counts | {"below": sum(one.count for one in waiting_below(by=user))}


def administration() -> dict:
    today = timezone.localdate()
    soon = today + timedelta(days=EXPIRES_SOON_DAYS)
    expiring = Doctor.objects.filter(is_active=True, registration_expires_on__lte=soon)
    now = timezone.now()
    ahead = ScheduleException.objects.overlapping(now, now + timedelta(days=LOOK_AHEAD_DAYS))
    return {
        "expiring": list(expiring.order_by("registration_expires_on")[:MOST_SHOWN]),
        "exceptions": list(ahead.select_related("doctor", "department").order_by("starts_at")[:MOST_SHOWN]),
        "today": today,
    }
