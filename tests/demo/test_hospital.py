"""The demo hospital keeps every rule that real data keeps. It is built once for all the tests here."""

import io
import itertools
from collections import Counter
from datetime import timedelta
from decimal import Decimal

import pytest
from allauth.account.models import EmailAddress
from django.core.management import call_command
from django.db.models import Q
from django.test import TestCase
from django.utils import timezone

from accounts.models import Guardianship, Patient, User
from audit.evidence.adoption import EVERY_ROW
from audit.models import AuditEvent
from billing.models import Invoice, InvoiceLine, Payment, Receipt, Refund
from billing.querysets import NOT_YET_BOOKED
from clinical.models import Allergy, Problem, Review, VitalSigns
from clinical.services.reviews import average
from clinical.vitals.summary import Summary
from hms.advice.models import Article
from hms.core.days import local_day
from hms.core.states import require_step
from hms.demo.logins import PASSWORD, STAFF
from hms.reports.models import ReportSubscription
from scheduling.cells import cells_between
from scheduling.history import steps_of
from scheduling.models import Appointment, CalendarFeed, Doctor, OverbookingRule, PatientClaim, SlotClaim
from scheduling.statuses import ENDED, HOLDING
from tests.ours import our_models

ZERO = Decimal("0.00")


@pytest.mark.feature("O01")
class TestHospital(TestCase):
    @classmethod
    def setUpTestData(cls):
        call_command("seed_demo", doctors=6, patients=20, appointments=60, verbosity=0)

    @pytest.mark.slow
    def test_every_row_passes_the_validation_of_its_model(self):
        for model in our_models():
            if model._meta.app_label != "audit":
                for row in model._base_manager.all():
                    row.full_clean()

    def test_as_much_is_there_as_was_asked_for(self):
        asked = (Doctor, Patient, Appointment)

        assert [model.objects.count() for model in asked] == [6, 20, 60]

    def test_questions_preparations_and_advice_can_be_read(self):
        kinds = Counter(Article.objects.published().values_list("kind", flat=True))

        assert kinds == {"question": 5, "preparation": 3, "advice": 3}

    def test_extra_places_figures_by_mail_and_calendar_feeds_are_there(self):
        rows = (OverbookingRule, ReportSubscription, CalendarFeed)
        assert [model.objects.count() for model in rows] == [1, 2, 2]

    def test_some_patients_have_allergies_some_none_and_some_were_not_asked(self):
        asked = Allergy.objects.values_list("is_none_known", flat=True)

        assert set(asked) == {True, False}
        assert len(asked) < Patient.objects.count()

    def test_some_patients_have_problems_that_begin_and_end_within_their_lives(self):
        problems = Problem.objects.select_related("patient").exclude(kind="family_history")

        # Which of them occur in so small a hospital depends on the day.
        assert {"active"} <= {problem.status for problem in problems} <= {"active", "resolved"}
        assert {"year"} <= {problem.since_precision for problem in problems} <= {"year", "month", "day"}
        assert all(problem.since_on >= problem.patient.date_of_birth for problem in problems)
        assert problems.values("patient").distinct().count() < Patient.objects.count()

    def test_vital_signs_are_measured_while_the_patient_waits_and_children_grow(self):
        measured = VitalSigns.objects.select_related("appointment", "patient")
        visits = [(vitals.measured_at, vitals.appointment) for vitals in measured]
        growth = [one.z for vitals in measured for one in Summary(vitals, vitals.patient).growth]

        now = timezone.now()
        assert len(visits) > 10
        assert all(visit.arrived_at <= at <= (visit.started_at or now) for at, visit in visits)
        assert all(abs(z) < 3 for z in growth)

    def test_every_status_is_there(self):
        statuses = set(Appointment.objects.values_list("status", flat=True))

        assert statuses >= {"completed", "booked", "cancelled", "held"}

    def test_claims_are_those_of_appointments_that_hold_their_time_from_today_on(self):
        holding = Appointment.objects.holding().filter(starts_at__gte=local_day(timezone.localdate())[0])
        cells = [(row, cell) for row in holding for cell in cells_between(row.starts_at, row.ends_at)]

        slots = [(claim.appointment, claim.cell) for claim in SlotClaim.objects.all()]
        patients = [(claim.appointment, claim.cell) for claim in PatientClaim.objects.all()]

        assert Counter(slots) == Counter(patients) == Counter(cells)

    def test_nobody_is_in_two_places_and_no_seat_is_given_twice_also_in_the_past(self):
        rows = Appointment.objects.filter(status__in=HOLDING | {"no_show"})
        cells = [(row, cell) for row in rows for cell in cells_between(row.starts_at, row.ends_at)]

        patients = Counter((row.patient_id, cell) for row, cell in cells if row.status in HOLDING)
        seats = Counter((row.doctor_id, row.seat, cell) for row, cell in cells)

        assert set(patients.values()) == set(seats.values()) == {1}

    def test_times_fit_the_status(self):
        now = timezone.now()
        for row in Appointment.objects.all():
            moments = [row.created_at, row.booked_at, row.arrived_at, row.started_at, row.ended_at]
            happened = [moment for moment in moments if moment]
            assert happened == sorted(happened)
            assert happened[-1] <= now
            assert [bool(moment) for moment in moments[2:4]] == came(row)
            assert (row.ended_at is not None) == (row.status in ENDED)
            assert (row.booked_at is None) == (row.status in {"held", "expired"})
            assert (row.held_until is not None) == (row.status == "held")
            assert (row.token is not None) == (row.arrived_at is not None)
            if row.status == "no_show":
                assert row.starts_at < now
            if row.arrived_at:
                assert timezone.localdate(row.arrived_at) == timezone.localdate(row.starts_at) == row.token_on

    def test_tokens_are_given_in_the_order_of_arrival(self):
        for doctor in Doctor.objects.all():
            came = doctor.appointments.exclude(token=None).order_by("token_on", "arrived_at")
            for day in set(came.values_list("token_on", flat=True)):
                tokens = list(came.filter(token_on=day).values_list("token", flat=True))
                assert tokens == list(range(1, len(tokens) + 1))

    def test_steps_lead_from_one_to_the_next_and_end_at_the_status(self):
        for row in Appointment.objects.all():
            steps = steps_of(row)
            assert steps[-1].status == row.status
            assert steps[0].by == row.booked_by
            for before, step in itertools.pairwise(steps):
                require_step(before.status, step.status)

    def test_every_visit_has_one_bill_and_it_adds_up(self):
        visits = Appointment.objects.exclude(status__in=NOT_YET_BOOKED)

        assert Counter(Invoice.objects.values_list("appointment", flat=True)) == Counter(
            visits.values_list("pk", flat=True)
        )
        for bill in Invoice.objects.select_related("appointment__doctor"):
            lines = InvoiceLine.objects.filter(invoice=bill)
            assert bill.total == sum(line.total for line in lines)
            assert lines[0].unit_price == bill.appointment.doctor.fee
            assert (bill.status == "void") == (bill.appointment.status == "cancelled")

    def test_money_adds_up(self):
        for payment in Payment.objects.prefetch_related("refunds").select_related("invoice"):
            assert payment.amount == payment.invoice.total
            assert payment.refunded_amount == sum((row.amount for row in payment.refunds.all()), ZERO)
            assert hasattr(payment, "receipt") == payment.is_captured
            if payment.invoice.status == "void":
                assert payment.is_refunded_in_full or not payment.is_captured
        assert Refund.objects.exists()
        assert Invoice.objects.filter(payments=None, status="draft").exists()

    def test_receipts_are_numbered_without_a_gap_in_the_order_of_time(self):
        for year in set(Receipt.objects.values_list("financial_year", flat=True)):
            receipts = Receipt.objects.filter(financial_year=year).order_by("issued_at", "pk")
            assert [row.serial for row in receipts] == list(range(1, len(receipts) + 1))

    def test_whoever_books_on_the_web_cares_for_the_patient(self):
        pairs = set(Guardianship.objects.values_list("user", "patient"))

        booked = set(Appointment.objects.filter(source="web").values_list("booked_by", "patient"))

        assert booked
        assert booked <= pairs

    def test_the_day_of_the_doctor_with_a_login_has_patients_now(self):
        today = Appointment.objects.on_day(timezone.localdate())

        statuses = set(
            today.filter(doctor__user__email="doctor@demo.example").values_list("status", flat=True)
        )

        assert statuses & {"in_consultation", "arrived", "booked"}

    def test_the_family_of_patient_has_a_past_a_future_and_receipts(self):
        patient = User.objects.get(email="patient@demo.example")
        relations = patient.guardianships.values_list("relation", flat=True)
        visits = Appointment.objects.filter(patient__guardianships__user=patient)

        assert sorted(relations) == ["child", "parent", "self"]
        assert visits.past().count() >= 3
        assert visits.upcoming().count() >= 2
        assert Receipt.objects.filter(payment__invoice__appointment__in=visits).count() >= 3

    def test_every_demo_login_opens_the_pages_of_its_role(self):
        for name in (*STAFF, "patient", "patient001"):
            page = "/me/" if name.startswith("patient") else "/admin/"
            self.client.logout()
            assert self.client.login(username=f"{name}@demo.example", password=PASSWORD)
            assert self.client.get(page).status_code == 200, name

    def test_addresses_of_logins_are_verified(self):
        unverified = EmailAddress.objects.filter(verified=False)

        assert not unverified.exists()
        assert EmailAddress.objects.count() == User.objects.count()

    def test_the_log_says_from_where_everything_came(self):
        by_migrate = Q(reason__icontains="came with the software") | Q(model="auth.group")
        by_migrate |= Q(model="clinical.diagnosissource")
        by_migrate |= Q(action="carry") | Q(object_pk=EVERY_ROW)
        sources = AuditEvent.objects.exclude(by_migrate).values_list("source", "origin").distinct()

        assert list(sources.order_by()) == [("command", "seed_demo")]
        assert AuditEvent.objects.filter(model="scheduling.appointment", action="create").count() == 60

    def test_the_log_explains_every_row(self):
        out = io.StringIO()

        call_command("verify_audit", no_progress=True, stdout=out)

        assert "Everything is as it was written." in out.getvalue()

    def test_registrations_run_out_and_have_run_out(self):
        today = timezone.localdate()
        ends = sorted(doctor.registration_expires_on for doctor in Doctor.objects.all())

        assert ends[0] < today < ends[1] < today + timedelta(days=30)

    def test_doctors_are_rated_by_the_published_reviews_of_completed_visits(self):
        reviews = Review.objects.select_related("appointment")
        stars = {doctor.pk: [] for doctor in Doctor.objects.all()}
        for review in reviews.published():
            stars[review.doctor_id].append(review.stars)

        assert {review.appointment.status for review in reviews} == {"completed"}
        assert any(stars.values())
        assert {doctor.pk: (doctor.rating, doctor.rating_count) for doctor in Doctor.objects.all()} == {
            pk: (average(sum(given), len(given)), len(given)) for pk, given in stars.items()
        }


def came(row: Appointment) -> list[bool]:
    """Whether somebody with this status has arrived and was called in."""
    far = {"arrived": 1, "in_consultation": 2, "completed": 3}.get(row.status, 0)
    return [far >= step for step in (1, 2)]
