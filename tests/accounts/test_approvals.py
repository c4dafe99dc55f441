"""Two people for one step: who may ask and approve, what runs with the approval, and what leaves no trace."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.approvals import kinds
from accounts.exceptions import (
    AlreadyAsked,
    AskerMayNoLonger,
    HasRole,
    NoteNeeded,
    NotYourRequest,
    OwnRequest,
    RequestExpired,
)
from accounts.models import ApprovalRequest, User
from accounts.services import (
    approve_request,
    ask_approval,
    decline_request,
    set_roles,
    withdraw_request,
)
from accounts.services.approvals import LASTS, expire_requests
from accounts.statuses import ApprovalStatus
from audit.models import Action, AuditEvent
from hms.core.refusals import NotAllowed
from hms.core.rights import SYSTEM
from hms.core.states import StepRefused
from tests.factories import UserFactory, staff
from tests.racing import race

pytestmark = [pytest.mark.django_db, pytest.mark.feature("A04")]


def asked(role: str = "auditor", by: User | None = None, user: User | None = None) -> ApprovalRequest:
    user, by = user or UserFactory(), by or staff("administrator")
    return ask_approval(kind="give_role", about_pk=user.pk, values={"role": role}, by=by)


def roles_of(request: ApprovalRequest) -> set[str]:
    return User.objects.get(pk=request.about_pk).role_names


def state_of(request: ApprovalRequest) -> tuple:
    request = ApprovalRequest.objects.get(pk=request.pk)
    return request.status, request.decided_by, request.open_for


def test_the_role_comes_with_the_approval_beside_the_roles_of_that_moment():
    request = asked(user=staff("nurse"))
    set_roles(user=User.objects.get(pk=request.about_pk), roles=["doctor"], by=staff("administrator"))
    second = staff("administrator")

    approve_request(request=request, note="Seen the contract", by=second)

    user = User.objects.get(pk=request.about_pk)
    assert (user.role_names, user.is_staff) == ({"doctor", "auditor"}, True)
    assert state_of(request) == ("approved", second, None)


def test_asking_approving_and_the_role_are_logged():
    first, second = staff("administrator"), staff("administrator")
    request = asked(by=first)
    approve_request(request=request, by=second)

    entries = AuditEvent.objects.filter(model="accounts.approvalrequest", object_pk=str(request.pk)).order_by(
        "pk"
    )
    assert list(entries.values_list("action", "actor_id")) == [("create", first.pk), ("update", second.pk)]
    given = AuditEvent.objects.filter(
        action=Action.PERMISSION_CHANGE, model="accounts.user", object_pk=str(request.about_pk)
    )
    assert set(given.values_list("actor_id", flat=True)) == {second.pk}


def test_nobody_approves_or_declines_what_they_asked_for():
    first = staff("administrator")
    request = asked(by=first)

    for decide in (approve_request, decline_request):
        with pytest.raises(OwnRequest):
            decide(request=request, note="Fine", by=first)
    with pytest.raises(IntegrityError), transaction.atomic():
        ApprovalRequest.objects.filter(pk=request.pk).update(
            status="approved", decided_by=first, decided_at=timezone.now(), open_for=None
        )

    assert (state_of(request), roles_of(request)) == ((ApprovalStatus.OPEN, None, request.open_for), set())


@pytest.mark.parametrize("role", ["receptionist", "doctor", "billing_clerk", "auditor"])
def test_only_those_who_may_take_the_step_ask_and_decide(role):
    request, other = asked(), staff(role)

    with pytest.raises(NotAllowed):
        asked(by=other)
    with pytest.raises(NotAllowed):
        approve_request(request=request, by=other)
    with pytest.raises(NotAllowed):
        decline_request(request=request, note="No", by=other)

    assert (ApprovalRequest.objects.count(), roles_of(request)) == (1, set())


def test_what_cannot_be_done_any_more_is_not_approved_and_leaves_the_request_open():
    request = asked(role="auditor")
    set_roles(user=User.objects.get(pk=request.about_pk), roles=["auditor"], by=SYSTEM)

    with pytest.raises(HasRole):
        approve_request(request=request, by=staff("administrator"))

    assert state_of(request)[0] == ApprovalStatus.OPEN


@pytest.mark.parametrize("loses", ["role", "login"])
def test_a_request_of_somebody_who_may_not_ask_any_more_is_not_approved(loses):
    first = staff("administrator")
    request = asked(by=first)
    if loses == "role":
        first.groups.clear()
    else:
        User.objects.filter(pk=first.pk).update(is_active=False)

    with pytest.raises(AskerMayNoLonger):
        approve_request(request=request, by=staff("administrator"))

    assert roles_of(request) == set()


def test_a_declined_request_needs_a_reason_and_is_final():
    request, second = asked(), staff("administrator")

    with pytest.raises(NoteNeeded):
        decline_request(request=request, note=" ", by=second)
    decline_request(request=request, note="She is not an auditor", by=second)
    with pytest.raises(StepRefused):
        approve_request(request=request, by=second)

    assert (state_of(request), roles_of(request)) == (("declined", second, None), set())


def test_only_the_person_who_asked_withdraws():
    first = staff("administrator")
    request = asked(by=first)

    with pytest.raises(NotYourRequest):
        withdraw_request(request=request, by=staff("administrator"))
    withdraw_request(request=request, by=first)
    with pytest.raises(StepRefused):
        approve_request(request=request, by=staff("administrator"))

    assert state_of(request) == ("withdrawn", None, None)


def test_asking_twice_is_one_request_and_somebody_else_is_told_of_it():
    first, user = staff("administrator"), UserFactory()

    assert asked(by=first, user=user) == asked(by=first, user=user)
    with pytest.raises(AlreadyAsked):
        asked(by=staff("administrator"), user=user)
    asked(by=first, user=user, role="administrator")

    assert ApprovalRequest.objects.count() == 2


def test_a_request_that_nobody_decided_expires_and_can_be_asked_again():
    user, second = UserFactory(), staff("administrator")
    request = asked(user=user)

    with time_machine.travel(timezone.now() + LASTS + timedelta(seconds=1)):
        with pytest.raises(RequestExpired):
            approve_request(request=request, by=second)
        again = asked(user=user, by=second)

    assert (state_of(request)[0], again.status) == (ApprovalStatus.EXPIRED, ApprovalStatus.OPEN)
    assert roles_of(request) == set()


def test_the_worker_ends_what_has_expired_and_nothing_else():
    late, fresh = asked(), asked()
    ApprovalRequest.objects.filter(pk=late.pk).update(expires_at=timezone.now())

    assert (expire_requests(), expire_requests()) == (1, 0)
    assert [state_of(request)[0] for request in (late, fresh)] == ["expired", "open"]


def test_the_list_shows_what_one_asked_for_and_what_one_may_decide():
    first, second = staff("administrator"), staff("administrator")
    request = asked(by=first)
    clerk, carer = staff("billing_clerk"), UserFactory()

    rows = ApprovalRequest.objects
    assert [list(rows.visible_to(user)) for user in (first, second, clerk, carer)] == [[request]] * 2 + [
        [],
        [],
    ]
    assert [list(rows.to_decide(user)) for user in (first, second)] == [[], [request]]


def test_each_kind_is_about_rows_of_a_page_and_needs_a_permission_that_exists():

    known = {
        f"{app}.{name}" for app, name in Permission.objects.values_list("content_type__app_label", "codename")
    }

    assert sorted(kinds) == ["close_anomaly", "give_role", "refund"]
    assert {kind.permission for kind in kinds.values()} <= known


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_of_an_approval_and_a_withdrawal_at_once_one_counts():
    first, second = staff("administrator"), staff("administrator")
    request = asked(by=first)

    race(
        lambda: approve_request(request=request, by=second),
        lambda: withdraw_request(request=request, by=first),
    )

    assert (state_of(request)[0], roles_of(request)) in (("approved", {"auditor"}), ("withdrawn", set()))
