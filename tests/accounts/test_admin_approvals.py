"""Approvals in the staff site: roles asked for on the login's page, the list, the decision, own anomalies."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.exceptions import NotAboutYou
from accounts.models import ApprovalRequest, User
from accounts.services import approve_request, ask_approval
from audit.exceptions import NotYourAnomaly, StillGoingOn
from audit.models import Anomaly, AuditEvent
from hms.core.states import StepRefused
from tests.accounts.test_admin_logins import ADD, NURSE, answers_of, change_page
from tests.accounts.test_approvals import asked
from tests.factories import UserFactory, staff
from tests.opened import opened, send

pytestmark = [pytest.mark.django_db, pytest.mark.feature("A04")]

LIST = "/admin/accounts/approvalrequest/"


def decide_page(request: ApprovalRequest) -> str:
    return f"{LIST}{request.pk}/decide/"


def roles_of(user: User) -> set[str]:
    return User.objects.get(pk=user.pk).role_names


def test_a_role_that_needs_two_is_asked_for_and_all_else_is_saved(client, administrator):
    nurse = staff("nurse", full_name="Meena Iyer")
    answers = answers_of(nurse, roles=["doctor", "auditor"], full_name="Meena R. Iyer")

    send(client, change_page(nurse), answers)
    send(client, change_page(nurse), answers)

    nurse.refresh_from_db()
    request = ApprovalRequest.objects.get()
    assert (nurse.full_name, roles_of(nurse)) == ("Meena R. Iyer", {"doctor"})
    assert (request.kind, request.values, request.asked_by) == (
        "give_role",
        {"role": "auditor"},
        administrator,
    )


def test_a_new_login_begins_without_the_role_that_needs_two(client, administrator):
    client.post(ADD, NURSE | {"roles": ["nurse", "administrator"]})

    user = User.objects.get(email="meena@example.org")
    assert (user.role_names, ApprovalRequest.objects.get().about_pk) == ({"nurse"}, user.pk)


def test_another_administrator_approves_on_the_page(client, administrator):
    nurse = staff("nurse")
    request = asked(user=nurse)

    waiting = client.get("/admin/").text
    listed = client.get(LIST).text
    page = client.get(decide_page(request)).text
    undecided = send(client, decide_page(request), {"note": ""})
    send(client, decide_page(request), {"decision": "approved", "note": "Contract seen"})

    assert "1 request waits for a second person" in waiting
    assert [f"Give {nurse} ({nurse.email}) the role" in text for text in (listed, page)] == [True, True]
    assert (undecided.status_code, roles_of(nurse)) == (200, {"nurse", "auditor"})
    assert "waits for a second person" not in client.get("/admin/").text
    assert "Contract seen" in client.get(f"{LIST}{request.pk}/change/").text


def test_a_refusal_is_shown_and_nothing_is_decided(client, administrator):
    request = asked(user=staff("nurse"))
    User.objects.filter(pk=request.asked_by_id).update(is_active=False)

    approved = send(client, decide_page(request), {"decision": "approved", "note": ""})
    declined = send(client, decide_page(request), {"decision": "declined", "note": ""})

    request.refresh_from_db()
    assert "The person who asked may not do this any more." in approved.text
    assert "Say why, so that others can understand the decision." in declined.text
    assert request.status == "open"


def test_the_person_who_asked_can_only_withdraw(client, administrator):
    request = asked(by=administrator)

    page = client.get(decide_page(request)).text
    posted = send(client, decide_page(request), {"decision": "approved", "note": "Mine"})

    request.refresh_from_db()
    assert 'name="decision"' not in page
    assert (posted.status_code, request.status, roles_of(User(pk=request.about_pk))) == (
        302,
        "withdrawn",
        set(),
    )


def test_a_page_that_is_older_than_the_decision_decides_nothing(client, administrator):
    request = asked()
    old = opened(client, decide_page(request)) | {"decision": "declined", "note": "No"}
    approve_request(request=request, by=staff("administrator"))

    answer = client.post(decide_page(request), old)

    request.refresh_from_db()
    assert (answer.status_code, request.status) == (409, "approved")


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_for_one_and_for_three(
    client, administrator, rows, django_assert_num_queries
):
    for _row in range(rows):
        asked()

    with django_assert_num_queries(6):
        page = client.get(LIST)

    assert len(page.context["cl"].result_list) == rows


def test_the_list_shows_what_waits_before_what_is_decided(client, administrator):
    decided, waiting = asked(), asked()
    approve_request(request=decided, by=administrator)

    first, everything = (client.get(f"{LIST}{query}").context["cl"] for query in ("", "?status=all"))

    assert list(first.result_list) == [waiting]
    assert set(everything.result_list) == {decided, waiting}


def test_the_command_refuses_what_two_administrators_can_give():
    request, somebody = asked(), UserFactory(email="first@example.org")
    call_command("give_role", User.objects.get(pk=request.about_pk).email, "auditor")
    closed = ApprovalRequest.objects.get(pk=request.pk)
    call_command("give_role", "first@example.org", "administrator")

    with pytest.raises(CommandError, match="Two administrators can give this role"):
        call_command("give_role", "first@example.org", "auditor")
    call_command("give_role", "first@example.org", "nurse")

    assert (closed.status, closed.open_for) == ("expired", None)
    assert roles_of(somebody) == {"administrator", "nurse"}


def test_the_command_on_the_server_gives_the_role_that_nobody_can_approve():
    somebody = UserFactory(email="first@example.org")

    call_command("give_role", "First@Example.org", "administrator")
    with pytest.raises(CommandError, match="There is no login"):
        call_command("give_role", "nobody@example.org", "auditor")

    assert (roles_of(somebody), User.objects.get(pk=somebody.pk).is_staff) == ({"administrator"}, True)


class TestAnomalyAboutOneself:
    @pytest.fixture
    def auditor(self, client):
        auditor = staff("auditor", full_name="Uma Audit")
        client.force_login(auditor)
        return auditor

    def of(self, user: User, **fields) -> Anomaly:
        at = timezone.now() - timedelta(hours=1)
        values = {"key": f"k{user.pk}", "rule": "many_opened", "actor_label": str(user), "event_ids": [1]}
        about = {"actor": user, "begins_at": at, "ends_at": at, "count": 70}
        return Anomaly.objects.create(**values | about | fields)

    def ask(self, anomaly: Anomaly, by: User) -> ApprovalRequest:
        values = {"outcome": "explained", "note": "A drill"}
        return ask_approval(kind="close_anomaly", about_pk=anomaly.pk, values=values, by=by)

    def test_the_auditor_explains_and_another_one_closes(self, client, auditor):
        anomaly, other = self.of(auditor), staff("auditor")
        page = f"{LIST}anomaly/{anomaly.pk}/"
        shown = client.get(f"/admin/audit/anomaly/{anomaly.pk}/change/").text
        send(client, page, {"outcome": "explained", "note": "A drill"})
        before = Anomaly.objects.get().status
        client.force_login(other)

        send(client, decide_page(ApprovalRequest.objects.get()), {"decision": "approved", "note": ""})

        anomaly.refresh_from_db()
        assert (page in shown, before) == (True, "open")
        assert (anomaly.status, anomaly.reviewed_by, anomaly.note) == ("explained", other, "A drill")
        assert AuditEvent.objects.filter(model="audit.anomaly", actor=other, action="update").count() == 1

    def test_nobody_asks_about_an_anomaly_of_somebody_else(self, client, auditor):
        anomaly = self.of(staff("nurse"))

        with pytest.raises(NotAboutYou):
            self.ask(anomaly, auditor)

        assert client.get(f"{LIST}anomaly/{anomaly.pk}/").status_code == 404
        assert "Ask another auditor" not in client.get(f"/admin/audit/anomaly/{anomaly.pk}/change/").text

    def test_a_person_who_is_no_auditor_asks_nothing(self, client):
        nurse = staff("nurse")
        anomaly = self.of(nurse)
        client.force_login(nurse)

        assert client.get(f"{LIST}anomaly/{anomaly.pk}/").status_code == 403

    def test_what_is_closed_or_goes_on_is_not_asked_for(self, auditor):
        closed = self.of(auditor, status="violation")
        lasting = self.of(auditor, key="lasting", ends_at=timezone.now() + timedelta(hours=1))

        with pytest.raises(StepRefused):
            self.ask(closed, auditor)
        with pytest.raises(StillGoingOn):
            self.ask(lasting, auditor)

        assert not ApprovalRequest.objects.exists()

    def test_what_another_auditor_has_closed_meanwhile_is_not_closed_again(self, auditor):
        anomaly = self.of(auditor)
        request = self.ask(anomaly, auditor)
        Anomaly.objects.filter(pk=anomaly.pk).update(status="violation")

        with pytest.raises(StepRefused):
            approve_request(request=request, by=staff("auditor"))

        request.refresh_from_db()
        assert (request.status, Anomaly.objects.get().status) == ("open", "violation")

    def test_the_check_of_the_log_still_refuses_the_person_themself(self, auditor):
        from audit.anomalies.review import close_anomaly  # noqa: PLC0415

        with pytest.raises(NotYourAnomaly):
            close_anomaly(anomaly=self.of(auditor), outcome="explained", note="A drill", by=auditor)
