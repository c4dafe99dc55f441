"""A working day of each role."""

import re
from datetime import date

import pytest
from allauth.account.models import EmailAddress

from accounts.models import Patient, User
from audit.models import AuditEvent
from billing.models import Refund
from scheduling.models import Appointment, Doctor, ScheduleException
from tests.billing.rows import booked, paid
from tests.browser.rows import given_a_doctor, given_a_nurse, given_a_visit
from tests.browser.steps_staff import (
    then_it_is_as_if_it_did_not_exist,
    then_the_token_is,
    when_adding_a_doctor,
    when_booking_at_the_desk,
    when_checking_in,
    when_entering_leave,
    when_logging_in_at_the_staff_site,
    when_registering_a_walk_in,
    when_taking_the_money,
)
from tests.factories import PatientFactory, at, staff

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.mark.feature("S12")
def test_reception_registers_books_checks_in_and_takes_money(visitor):
    doctor = given_a_doctor()
    PatientFactory(full_name="Lakshmi Caller")
    clerk = staff("receptionist", full_name="Ravi Desk")
    EmailAddress.objects.create(user=clerk, email=clerk.email, verified=True, primary=True)
    ravi = visitor()

    when_logging_in_at_the_staff_site(ravi, clerk.email)
    when_registering_a_walk_in(ravi, "Mohan Walkin")
    when_booking_at_the_desk(ravi, "Mohan Walkin", doctor, "9:30 AM", "is here")
    when_booking_at_the_desk(ravi, "Lakshmi Caller", doctor, "10:00 AM", "is on the phone")
    here, caller = Appointment.objects.order_by("starts_at")
    when_checking_in(ravi, here)
    then_the_token_is(ravi, 1)
    when_taking_the_money(ravi, here)

    ravi.sees("₹559.00 taken, receipt")
    ravi.opens("/admin/day-board/")
    ravi.sees("Mohan Walkin", "waiting 0 min", "Lakshmi Caller")
    assert (here.source, caller.source) == ("desk", "phone")
    assert Patient.objects.get(full_name="Mohan Walkin").phone == "+919845012345"


@pytest.mark.feature("S13")
def test_doctor_sees_their_own_day_and_no_other_patients(visitor):
    doctor, colleague = given_a_doctor(), given_a_doctor("Dr Kiran Shah", "Paediatrics")
    given_a_visit(doctor, 9, 30, full_name="Mohan Mine")
    theirs = given_a_visit(colleague, 9, 30, full_name="Tara Theirs")
    meera = visitor()
    meera.logs_in_as(doctor.user)
    desk = visitor()
    desk.logs_in_as(staff("receptionist"))

    meera.opens("/admin/")
    meera.sees("My day", "Mohan Mine")
    meera.sees_no("Tara Theirs")
    desk.opens("/admin/scheduling/appointment/desk/?q=Mohan")
    desk.presses(re.compile("^Check in"))
    meera.opens("/admin/")
    meera.follows(re.compile("^Consultation"))
    meera.presses("Begin the consultation")
    meera.fills(complaint="Cough")
    meera.presses("Finish the visit")
    meera.sees("Signed by")
    meera.opens("/admin/")

    meera.sees("1 visit completed")
    assert Appointment.objects.get(doctor=doctor).status == "completed"
    then_it_is_as_if_it_did_not_exist(meera, theirs)
    then_it_is_as_if_it_did_not_exist(meera, theirs.patient)
    meera.opens("/admin/scheduling/appointment/?when=any&q=Tara")
    meera.sees("0 appointments")


@pytest.mark.feature("S03")
def test_nurse_sees_the_day_of_her_doctors(visitor):
    doctor, other = given_a_doctor(), given_a_doctor("Dr Kiran Shah", "Paediatrics")
    given_a_visit(doctor, 9, 30, full_name="Mohan Ours")
    given_a_visit(other, 9, 30, full_name="Tara Theirs")
    leela = visitor(width=768, dark=True)
    leela.logs_in_as(given_a_nurse(doctor))

    leela.opens("/admin/")
    leela.presses(re.compile("^Check in"))
    leela.follows("Day board")

    leela.sees("Mohan Ours", "waiting 0 min")
    leela.sees_no("Tara Theirs")
    assert Appointment.objects.get(doctor=doctor).token == 1


@pytest.mark.feature("B08")
def test_billing_clerk_refunds_with_a_reason(visitor):
    payment = paid(booked(at(10, 30, days=1), given_a_doctor()))
    clerk = visitor()
    clerk.logs_in_as(staff("billing_clerk", full_name="Bina Bills"))

    clerk.opens("/admin/")
    clerk.follows("Payments")
    clerk.follows(payment.reference)
    clerk.follows("Refund")
    clerk.fills(amount="100")
    clerk.presses("Refund")
    clerk.sees("This field is required.")
    clerk.fills(reason="Waited two hours")
    clerk.presses("Refund")

    clerk.sees("A refund of ₹100.00 is on its way.", "Waited two hours")
    refund = Refund.objects.get()
    assert (refund.amount, refund.reason, refund.by.full_name) == (100, "Waited two hours", "Bina Bills")


@pytest.mark.feature("U05")
def test_auditor_reads_and_filters_the_log_and_cannot_change_it(visitor):
    given_a_visit(given_a_doctor(), 9, 30, full_name="Mohan Rao")
    anita = visitor()
    anita.logs_in_as(staff("auditor"))
    patient = Patient.objects.get()
    event = AuditEvent.objects.get(model="accounts.patient", action="create")

    anita.opens("/admin/")
    anita.follows("Log entries")
    anita.fills(q=patient.mrn)
    anita.presses("Search")
    anita.sees(patient.mrn)
    anita.follows("Patient", inside="#changelist-filter")
    anita.sees("1 log entry")
    anita.opens(f"/admin/audit/auditevent/{event.pk}/change/")

    anita.sees("Mohan Rao", patient.mrn)
    assert anita.page.locator("main [type=submit], main textarea").count() == 0
    anita.is_refused("/admin/audit/auditevent/add/", 403)
    anita.is_refused(f"/admin/audit/auditevent/{event.pk}/delete/", 403)
    anita.is_refused("/admin/accounts/patient/", 403)


@pytest.mark.feature("A06")
def test_administrator_adds_a_doctor_closes_a_day_and_gives_a_role(visitor):
    doctor = given_a_doctor()
    visit = given_a_visit(doctor, 10, 0, days=1, full_name="Mohan Rao")
    admin = visitor()
    admin.logs_in_as(staff("administrator"))

    when_adding_a_doctor(admin, "Dr Nila Bose", "Cardiology")
    admin.sees("Dr Nila Bose", "was added successfully")
    when_entering_leave(admin, doctor, date(2026, 11, 24))
    admin.sees("One patient would be outside working hours", "Mohan Rao", "Nothing has been saved yet")
    assert ScheduleException.objects.count() == 0
    admin.presses("Save anyway")
    admin.opens("/admin/accounts/user/add/")
    admin.fills(full_name="Nia Nurse", email="nia@example.org")
    admin.ticks("Nurse")
    admin.presses("Save")

    assert Doctor.objects.get(full_name="Dr Nila Bose").schedules.count() == 1
    assert ScheduleException.objects.get().doctor == doctor
    assert Appointment.objects.get(pk=visit.pk).status == "booked"
    assert User.objects.get(email="nia@example.org").role_names == {"nurse"}
