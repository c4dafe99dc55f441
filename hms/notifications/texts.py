"""The texts that the software comes with, and the restricted format of all texts of messages.

A text is plain words with names in braces: `{when}`. Nothing else is replaced, so that a text can neither
read other data nor run anything. A line whose names all stand for nothing is left out.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hms.notifications import offer_texts
from hms.notifications.statuses import Kind

Words = str | Promise
NAME = re.compile(r"\{([^{}]*)\}")
# name: what it stands for, and an example
OF_ALL = {
    "hospital": (_("the hospital's name"), "Sanjeevani Hospital"),
    "phone": (_("the hospital's telephone number"), "+91 80 4000 1200"),
}
OF_VISITS = {
    "patient": (_("the patient's name"), "Asha Rao"),
    "when": (_("day and time in full"), "Monday 23 November 2026, 9:30 AM"),
    "day": (_("day, short"), "Mon 23 Nov"),
    "time": (_("time"), "9:30 AM"),
    "doctor": (_("the doctor's name"), "Dr Vikram Shetty"),
    "speciality": (_("the doctor's speciality, empty unless a setting allows it"), "Cardiology"),
    "place": (_("branch or video call"), "Main building"),
    "address": (_("address of the branch"), "14 Residency Road, Bengaluru 560025"),
    "reference": (_("reference of the appointment"), "3KQ7W9ABCD"),
    "page": (_("address of the appointment's page, after login"), "https://hospital.example/me/appointments/3KQ7W9ABCD/"),
    "link": (_("address for coming or cancelling without a login"), "https://hospital.example/v/3KQ7W9ABCDxK8sWq2LmN0pRt5v"),
}  # fmt: skip
OF_RECORDS = {"page": (_("address of the list of records"), "https://hospital.example/me/records/")}
OF_CARE = {
    "who": (_("the person who acts for the patient"), "Ravi Rao"),
    "patient": (_("the patient's name"), "Asha Rao"),
}
NAMES: dict[str, dict] = {
    Kind.BOOKED: OF_VISITS,
    Kind.MOVED: OF_VISITS | {"was_when": (_("the time before"), "Friday 20 November 2026, 11:00 AM")},
    Kind.CANCELLED: OF_VISITS | {"by_whom": (_("“by you” or “by the hospital”"), "by the hospital")},
    Kind.REMINDER: OF_VISITS,
    Kind.DOCTOR_LATE: OF_VISITS | {"minutes": (_("how late the doctor is, in minutes"), "20")},
    Kind.REVIEW_ASKED: OF_VISITS,
    Kind.RECEIPT: {
        "amount": (_("the amount"), "₹500.00"),
        "number": (_("the number of the receipt"), "R2627-000123"),
        "page": (_("address of the receipt, after login"), "https://hospital.example/me/bills/"),
    },
    Kind.NEW_RECORD: OF_RECORDS,
    Kind.WITHDRAWAL: OF_RECORDS,
    Kind.CARE_GIVEN: OF_CARE,
    Kind.CARE_ENDED: OF_CARE,
} | offer_texts.NAMES  # fmt: skip


@dataclass(frozen=True)
class Text:
    """The words of one kind of message; without words for an SMS none is sent."""

    subject: Words
    body: Words
    sms: Words = ""


TEXTS: dict[str, Text] = {
    Kind.BOOKED: Text(
        _("Your appointment is booked: {when}"),
        _(
            "Your appointment is booked.\n\n"
            "{when}\n{doctor}\n{speciality}\n{place}\n{address}\n\n"
            "Patient: {patient}\nReference: {reference}\n\n"
            "Please come ten minutes early and bring earlier reports.\n\n"
            "To see, move or cancel it, open: {page}\n\n"
            "{hospital}\nQuestions? Call {phone}."
        ),
        _("{hospital}: appointment {day} {time}, {doctor}. Ref {reference}. {phone}"),
    ),
    Kind.MOVED: Text(
        _("Your appointment has another time: {when}"),
        _(
            "Your appointment has been moved.\n\n"
            "Before: {was_when}\n\nNow:\n{when}\n{doctor}\n{speciality}\n{place}\n{address}\n\n"
            "Patient: {patient}\nReference: {reference}\n\n"
            "To see, move or cancel it, open: {page}\n\n"
            "{hospital}\nQuestions? Call {phone}."
        ),
        _("{hospital}: appointment moved to {day} {time}, {doctor}. Ref {reference}. {phone}"),
    ),
    Kind.CANCELLED: Text(
        _("Your appointment is cancelled: {when}"),
        _(
            "This appointment was cancelled {by_whom}.\n\n"
            "{when}\n{doctor}\n\nPatient: {patient}\nReference: {reference}\n\n"
            "What was paid for it is refunded; about that you get a message of its own.\n\n"
            "{hospital}\nQuestions? Call {phone}."
        ),
        _("{hospital}: appointment {day} {time} cancelled {by_whom}. Ref {reference}. {phone}"),
    ),
    Kind.REMINDER: Text(
        _("Reminder: your appointment {when}"),
        _(
            "This is to remind you of your appointment.\n\n"
            "{when}\n{doctor}\n{speciality}\n{place}\n{address}\n\n"
            "Patient: {patient}\nReference: {reference}\n\n"
            "Please tell us whether you are coming, or cancel if you cannot: {link}\n\n"
            "{hospital}\nQuestions? Call {phone}."
        ),
        _("{hospital}: appointment {day} {time}, {doctor}.\nComing? {link}"),
    ),
    Kind.DOCTOR_LATE: Text(
        _("Your doctor is running about {minutes} minutes late"),
        _(
            "We are sorry: {doctor} is running about {minutes} minutes late today.\n\n"
            "Your appointment: {when}\nReference: {reference}\n\n"
            "{hospital}\nQuestions? Call {phone}."
        ),
        _("{hospital}: sorry, {doctor} runs about {minutes} min late. Your time: {time}. {phone}"),
    ),
    Kind.REVIEW_ASKED: Text(
        _("How was your visit?"),
        _(
            "You visited us on {day}. Would you tell us and other patients how it was?\n\n"
            "Log in and open your visit: {page}\n\n"
            "{hospital}\nQuestions? Call {phone}."
        ),
    ),
    Kind.RECEIPT: Text(
        _("Your payment of {amount}"),
        _(
            "Thank you. We have received {amount}; the receipt has the number {number}.\n\n"
            "Log in on our site and open “My bills” to read and print it.\n\n{page}\n\n"
            "{hospital}\nQuestions? Call {phone}."
        ),
    ),
    Kind.NEW_RECORD: Text(
        _("There is something new for you to read"),
        _(
            "There is something new in the records that you may read.\n"
            "Log in on our site and open “My records”.\n\n{page}\n\n"
            "What it is and whom it is about is not written here, because others might read a message.\n\n"
            "{hospital}\nQuestions? Call {phone}."
        ),
    ),
    Kind.WITHDRAWAL: Text(
        _("A document has been withdrawn"),
        _(
            "The hospital has withdrawn a document that you may have read or printed. "
            "Before you use one, please see which it is.\n"
            "Log in on our site and open “My records”.\n\n{page}\n\n"
            "What it is and whom it is about is not written here, because others might read a message.\n\n"
            "{hospital}\nQuestions? Call {phone}."
        ),
    ),
    Kind.CARE_GIVEN: Text(
        _("{who} may now act for {patient}"),
        _(
            "{who} may now act for {patient} on our site.\n\n"
            "If you did not want this, open “My family” on our site and end it, or call us.\n\n"
            "{hospital}\nQuestions? Call {phone}."
        ),
    ),
    Kind.CARE_ENDED: Text(
        _("{who} may no longer act for {patient}"),
        _(
            "{who} may no longer act for {patient} on our site.\n\n"
            "If you did not expect this, please call us.\n\n"
            "{hospital}\nQuestions? Call {phone}."
        ),
    ),
} | {kind: Text(*words) for kind, words in offer_texts.WORDS.items()}


def names_of(kind: str) -> dict:
    """The names that a text of this kind may use, each with what it stands for and an example."""
    return NAMES[kind] | OF_ALL


def unknown_names(words: str, kind: str) -> list[str]:
    """Names in braces that mean nothing in a text of this kind; a brace without its partner counts."""
    unknown = {found for found in NAME.findall(words) if found not in names_of(kind)}
    unknown |= set(re.findall(r"[{}]", NAME.sub("", words)))
    return sorted(unknown)


def filled(words: str, values: Mapping[str, str]) -> str:
    """The words with what the names stand for; without lines in which all names stand for nothing."""
    lines = [line for line in words.splitlines() if not _says_nothing(NAME.findall(line), values)]
    text = "\n".join(NAME.sub(lambda found: values.get(found[1], found[0]), line) for line in lines)
    return re.sub(r"\n{3,}", "\n\n", text)


def _says_nothing(names: Iterable[str], values: Mapping[str, str]) -> bool:
    names = list(names)
    return bool(names) and not any(values.get(name, name) for name in names)
