"""The texts about times that are held for somebody, and the names in them; see `texts`."""

from django.utils.translation import gettext_lazy as _

from hms.notifications.statuses import Kind

OF_OFFERS = {
    "when": (_("day and time in full"), "Monday 23 November 2026, 9:30 AM"),
    "day": (_("day, short"), "Mon 23 Nov"),
    "time": (_("time"), "9:30 AM"),
    "doctor": (_("the doctor's name"), "Dr Vikram Shetty"),
}
OF_ANSWERS = {
    "until": (_("until when the time is held"), "Monday 16 November, 9:45 AM"),
    "until_time": (_("until what time of the day it is held"), "9:45 AM"),
    "link": (_("address for answering without a login"), "https://hospital.example/offers/3KQ7W9ABCDuH2mZk9rT0cWq5nB/"),
    "answer": (_("how to answer: with the link, or after login"), "Answer here, without a login:\n\nhttps://hospital.example/offers/3KQ7W9ABCDuH2mZk9rT0cWq5nB/"),
}  # fmt: skip
NAMES = {
    Kind.WAITING_OFFER: OF_OFFERS | OF_ANSWERS | {"place": (_("branch or video call"), "Main building")},
    Kind.LEAVE_OFFER: OF_OFFERS | OF_ANSWERS | {
        "new_when": (_("the time that is held, empty if none is"), "Tuesday 24 November 2026, 9:30 AM"),
        "new_doctor": (_("the doctor at that time"), "Dr Asha Rao"),
        "new_place": (_("the place at that time"), "Main building"),
        "choice": (_("what the patient can choose"), "Take it, or choose another time."),
    },
    Kind.VISIT_STAYS: OF_OFFERS,
}  # fmt: skip
# Subject, e-mail and SMS.
WORDS = {
    Kind.WAITING_OFFER: (
        _("A time is free for you"),
        _(
            "{when}\n{doctor}\n{place}\n\n"
            "We hold it for you until {until}. Then the next person on the waiting list is asked.\n\n"
            "{answer}\n\n{hospital}\nQuestions? Call {phone}."
        ),
        _("{hospital}: {day} {time} is held until {until_time}.\nTake it? {link}"),
    ),
    Kind.LEAVE_OFFER: (
        _("Your visit needs another time"),
        _(
            "We are sorry: the hospital cannot keep this time.\n\n{when}\n{doctor}\n\n"
            "Until {until} we hold this time for you instead:\n\n{new_when}\n{new_doctor}\n{new_place}\n\n"
            "{choice}\n\n{answer}\n\n{hospital}\nQuestions? Call {phone}."
        ),
        _("{hospital}: your visit {day} {time} needs another time.\nChoose: {link}"),
    ),
    Kind.VISIT_STAYS: (
        _("Your visit stays as it was"),
        _(
            "We asked you to choose another time. "
            "This is no longer necessary: the hospital can keep your visit.\n\n"
            "{when}\n{doctor}\n\n{hospital}\nQuestions? Call {phone}."
        ),
        _("{hospital}: your visit {day} {time}, {doctor}, stays as it was. {phone}"),
    ),
}
