"""The statuses of an appointment and the steps between them."""

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hms.core.states import StepChoices


class AppointmentStatus(StepChoices):
    HELD = "held", _("Held")
    BOOKED = "booked", _("Booked")
    ARRIVED = "arrived", _("Arrived")
    IN_CONSULTATION = "in_consultation", _("In consultation")
    COMPLETED = "completed", _("Completed")
    CANCELLED = "cancelled", _("Cancelled")
    NO_SHOW = "no_show", _("No-show")
    EXPIRED = "expired", _("Expired")

    @classmethod
    def steps(cls):
        return {
            cls.HELD: {cls.BOOKED, cls.EXPIRED, cls.CANCELLED},
            cls.BOOKED: {cls.ARRIVED, cls.CANCELLED, cls.NO_SHOW},
            cls.ARRIVED: {cls.IN_CONSULTATION, cls.CANCELLED, cls.NO_SHOW},
            cls.IN_CONSULTATION: {cls.COMPLETED},
            cls.COMPLETED: set(),
            cls.CANCELLED: set(),
            cls.NO_SHOW: {cls.ARRIVED},
            # A payment that arrives after the hold has expired books the time if it is still free.
            cls.EXPIRED: {cls.BOOKED},
        }


_S = AppointmentStatus
# Appointments in these statuses own claims; all others own none.
HOLDING = frozenset({_S.HELD, _S.BOOKED, _S.ARRIVED, _S.IN_CONSULTATION, _S.COMPLETED})
ENDED = frozenset({_S.COMPLETED, _S.CANCELLED, _S.NO_SHOW, _S.EXPIRED})
HERE = frozenset({_S.ARRIVED, _S.IN_CONSULTATION})
CAME = HERE | {_S.COMPLETED}
# Whether the patient came is known.
OUTCOMES = CAME | {_S.NO_SHOW}
UPCOMING = frozenset({_S.HELD, _S.BOOKED}) | HERE
# The column that keeps the moment of each status.
MOMENTS = {
    _S.BOOKED: "booked_at",
    _S.ARRIVED: "arrived_at",
    _S.IN_CONSULTATION: "started_at",
} | dict.fromkeys(ENDED, "ended_at")


class VisitKind(models.TextChoices):
    """Whether the patient has seen the doctor before; asked only where it decides how long the visit is."""

    FIRST = "first", _("First visit")
    FOLLOW_UP = "follow_up", _("Follow-up")


class VisitMode(models.TextChoices):
    IN_PERSON = "in_person", _("In person")
    VIDEO = "video", _("Video")


class AfterNoShows(models.TextChoices):
    """What the hospital asks of a patient who has missed too many visits, before the next booking."""

    NOTHING = "", _("Nothing")
    PREPAY = "prepay", _("Payment in advance")
    PHONE = "phone", _("A call: the desk books")


class MissedBecause(models.TextChoices):
    """What kept a patient from coming, as the patient or a carer says."""

    FORGOT = "forgot", _("I forgot it")
    BETTER = "better", _("I no longer needed it")
    ILL = "ill", _("I was too ill to come")
    TRAVEL = "travel", _("I could not get there")
    WORK = "work", _("Work or family came between")
    UNTOLD = "untold", _("I did not know of it, or of its time")
    OTHER = "other", _("Something else")


def name_of_place(branch: str, mode: str) -> str:
    """What people are told: the name of the branch, unless the visit is a video call."""
    return gettext("Video call") if mode == VisitMode.VIDEO else branch


class FeedKind(models.TextChoices):
    CARE = "care", _("My visits and those of the people I care for")
    DOCTOR = "doctor", _("My days as a doctor")


class BookingSource(models.TextChoices):
    WEB = "web", _("Web")
    DESK = "desk", _("Front desk")
    PHONE = "phone", _("Telephone")
    API = "api", _("API")
    OFFER = "offer", _("Offer")  # held for somebody who has not asked for this very time
    DEMO = "demo", _("Demonstration")


class ExceptionKind(models.TextChoices):
    LEAVE = "leave", _("Leave")
    HOLIDAY = "holiday", _("Holiday")
    EXTRA = "extra", _("Extra session")
    ASKED = "asked", _("Leave asked for")  # by a doctor; closes nothing until it is entered as leave


class WaitingUrgency(models.IntegerChoices):
    """How soon somebody on the waiting list needs a time; the front desk sets it."""

    ROUTINE = 0, _("Routine")
    SOON = 1, _("Soon")
    URGENT = 2, _("Urgent")


class WaitingStatus(StepChoices):
    WAITING = "waiting", _("Waiting")
    BOOKED = "booked", _("Booked")
    LEFT = "left", _("Left the list")
    UNANSWERED = "unanswered", _("Offers not answered")
    LAPSED = "lapsed", _("Last day passed")

    @classmethod
    def steps(cls):
        ended = {cls.BOOKED, cls.LEFT, cls.UNANSWERED, cls.LAPSED}
        return {cls.WAITING: ended} | {status: set() for status in ended}


class OfferStatus(StepChoices):
    """A visit outside working hours goes through all of it; the waiting list makes open offers only."""

    SOUGHT = "sought", _("Another time is sought")
    OPEN = "open", _("Open")
    NOTHING_FREE = "nothing_free", _("No other time is free")
    UNANSWERED = "unanswered", _("Not answered")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
    CHOSE_OTHER = "chose_other", _("Another time chosen")
    WITHDRAWN = "withdrawn", _("Withdrawn")

    @classmethod
    def steps(cls):
        settled = {cls.ACCEPTED, cls.DECLINED, cls.CHOSE_OTHER, cls.WITHDRAWN}
        return {
            cls.SOUGHT: {cls.OPEN, cls.NOTHING_FREE} | settled - {cls.ACCEPTED},
            cls.OPEN: {cls.UNANSWERED, cls.SOUGHT} | settled,
            cls.NOTHING_FREE: settled - {cls.ACCEPTED},
            # A time that is still free can be booked after its hold has run out.
            cls.UNANSWERED: settled,
        } | {status: set() for status in settled}
