"""Steps of patients."""

import re

from django.core import mail

from scheduling.models import Appointment, Doctor
from tests.accounts.answers import SIGN_UP
from tests.browser.visitor import Visitor


def when_finding_a_doctor(visitor: Visitor, doctor: Doctor) -> None:
    visitor.opens("/")
    visitor.fills(q=doctor.full_name.split()[-1])
    visitor.presses("Find a doctor")
    visitor.follows(doctor.full_name)


def when_choosing_a_time(visitor: Visitor, day: str, time: str) -> None:
    """Choose a day on the doctor's page, then one of its times."""
    visitor.clicks(visitor.page.locator("a.day", has_text=day).first)
    visitor.follows(time)


def when_signing_up_on_the_way(visitor: Visitor) -> None:
    """Sign up instead of logging in, open the mailed link and return to the booking."""
    visitor.follows("Sign up")
    answers = {name: words for name, words in SIGN_UP.items() if name not in {"gender", "blood_group"}}
    visitor.fills(**answers)
    visitor.selects(gender="Female", blood_group="O+")
    visitor.presses("Sign up")
    visitor.sees("We have sent you an e-mail")
    visitor.opens(re.search(r"https?://\S+", mail.outbox[-1].body)[0])
    visitor.presses("Yes, confirm it")


def when_saying_who_and_why(visitor: Visitor, who: str, why: str = "Short of breath since Friday") -> None:
    visitor.ticks(re.compile(who))
    visitor.fills(symptoms=why)
    visitor.presses("Keep this time and continue")


def when_paying_by_card(visitor: Visitor, outcome: str = "Pay") -> None:
    visitor.ticks(re.compile("^Card"))
    visitor.presses("Confirm the booking")
    assert visitor.heading == "Pay by card"
    visitor.sees("₹559.00")
    visitor.clicks(visitor.page.get_by_role("button", name=outcome, exact=True))


def when_paying_at_the_desk(visitor: Visitor) -> None:
    visitor.ticks(re.compile("^At the front desk"))
    visitor.presses("Confirm the booking")


def then_the_price_is_shown_first(visitor: Visitor) -> None:
    visitor.sees("₹500.00", "₹9.00", "₹50.00", "₹559.00")


def then_the_visit_is_booked(visitor: Visitor, when: str) -> Appointment:
    """On the page, with a QR code, and in the database."""
    appointment = Appointment.objects.get(status="booked")
    assert visitor.heading == "Your appointment is booked"
    visitor.sees(appointment.reference, when)
    assert visitor.page.locator("img.qr").get_attribute("src").startswith("data:image/")
    return appointment


def then_there_is_a_calendar_file(visitor: Visitor, appointment: Appointment) -> None:
    response = visitor.fetches("Add to calendar")
    assert response.headers["content-type"].startswith("text/calendar")
    assert f"UID:{appointment.reference}" in response.text()


def then_there_is_a_receipt(visitor: Visitor, amount: str = "₹559.00") -> None:
    visitor.follows("Receipt")
    visitor.sees("Received", amount)
    response = visitor.fetches("Download PDF")
    assert response.headers["content-type"] == "application/pdf"
    assert response.body().startswith(b"%PDF-")


def then_the_booking_failed_but_the_time_is_kept(visitor: Visitor) -> None:
    assert visitor.heading == "The payment did not go through"
    visitor.sees("The bank declined the payment.", "Nothing was charged.", "We keep this time for you until")


def then_the_money_comes_back(visitor: Visitor) -> None:
    assert visitor.heading == "Your refund has been sent"
    visitor.sees("You paid ₹559.00. ₹559.00 is refunded the way you paid", "The appointment was not booked.")
