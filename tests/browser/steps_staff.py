"""Steps of staff."""

import re
from datetime import date

from accounts.models import Patient
from scheduling.models import Appointment, Branch, Doctor, Specialization
from tests.browser.visitor import Visitor
from tests.factories.people import PASSWORD


def when_logging_in_at_the_staff_site(visitor: Visitor, email: str) -> None:
    visitor.opens("/admin/")
    visitor.fills(login=email, password=PASSWORD)
    visitor.presses("Log in")


def when_registering_a_walk_in(visitor: Visitor, full_name: str) -> None:
    visitor.opens("/admin/")
    visitor.follows("Register a walk-in")
    visitor.fills(
        full_name=full_name,
        date_of_birth_day="27",
        date_of_birth_month="3",
        date_of_birth_year="1984",
        phone="98450 12345",
        city="Bengaluru",
    )
    visitor.selects(gender="Male")
    visitor.presses("Save")


def when_booking_at_the_desk(visitor: Visitor, who: str, doctor: Doctor, time: str, source: str) -> None:
    """Choose the patient, the doctor and a time of today."""
    visitor.opens("/admin/")
    visitor.follows("Book for a patient")
    visitor.fills(q=who)
    visitor.presses("Find")
    visitor.follows(re.compile(who))
    visitor.follows(doctor.full_name)
    visitor.ticks(time)
    visitor.ticks(source)
    visitor.presses("Book")


def when_checking_in(visitor: Visitor, appointment: Appointment) -> None:
    """Find the appointment by its reference."""
    visitor.opens("/admin/")
    visitor.fills(q=appointment.reference.lower())
    visitor.presses("Find")
    visitor.presses(re.compile("^Check in"))


def then_the_token_is(visitor: Visitor, token: int) -> None:
    visitor.sees(f"Token {token}")


def then_it_is_as_if_it_did_not_exist(visitor: Visitor, row: Appointment | Patient) -> None:
    """Its address gives the same page as an address with an unknown key."""
    visitor.opens(f"/admin/{row._meta.app_label}/{row._meta.model_name}/{row.pk}/change/")
    visitor.sees("doesn’t exist. Perhaps it was deleted?")  # noqa: RUF001 - as the page has it


def when_taking_the_money(visitor: Visitor, appointment: Appointment) -> None:
    visitor.opens(f"/admin/scheduling/appointment/{appointment.pk}/change/")
    visitor.follows("Take payment")
    visitor.ticks("Cash")
    visitor.presses("Take ₹559.00")


def when_adding_a_doctor(visitor: Visitor, full_name: str, department: str) -> None:
    """Add a doctor with a shift on Mondays."""
    visitor.opens("/admin/scheduling/doctor/add/")
    visitor.picks("department", department)
    visitor.fills(
        full_name=full_name,
        registration_number="KMC-77001",
        registration_expires_on="2030-12-31",
        degree="MBBS, MD",
        practising_since="2011",
        fee="700",
    )
    visitor.selects(category="Consultant", specialization=Specialization.objects.get().name)
    visitor.button("Add another Weekly schedule").click()
    visitor.fills(**{"schedules-0-starts_at": "14:00", "schedules-0-ends_at": "17:00"})
    branch = Branch.objects.get().name
    visitor.selects(**{"schedules-0-weekday": "Monday", "schedules-0-branch": branch})
    visitor.presses("Save")


def when_entering_leave(visitor: Visitor, doctor: Doctor, day: date) -> None:
    visitor.opens("/admin/")
    visitor.follows("Add leave or a holiday")
    visitor.selects(kind="Leave")
    visitor.picks("doctor", doctor.full_name)
    visitor.fills(
        starts_at_0=day.isoformat(),
        starts_at_1="00:00",
        ends_at_0=day.isoformat(),
        ends_at_1="23:00",
        reason="Conference",
    )
    visitor.presses("Save")
