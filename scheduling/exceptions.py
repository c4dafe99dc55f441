"""Refusals of the scheduling services; forms, admin and API show their texts unchanged."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from hms.core.refusals import Refusal


class SlotTaken(Refusal):
    code = "slot_taken"
    field = "time"
    text = _("This time has just been taken. Please choose another one.")


class PatientBusy(Refusal):
    code = "patient_busy"
    field = "time"
    text = _("The patient already has an appointment at this time.")


class HeldByYourself(PatientBusy):
    code = "held_by_yourself"
    text = _(
        "You have not finished another booking for this patient: %(doctor)s, %(when)s. Finish it, or give it "
        "up and keep this time instead."
    )


class SlotNotOffered(Refusal):
    """The time is not offered; `code` is the reason that availability gives."""

    field = "time"

    def __init__(self, reason):
        super().__init__(reason.label)
        self.code = reason.value


class TooManyBookings(Refusal):
    code = "too_many_bookings"
    text = _("This patient already has %(limit)d upcoming appointments. Please cancel one or call us.")


class TooManyHolds(Refusal):
    code = "too_many_holds"
    text = _("You are already holding %(limit)d times. Please finish or cancel one of them first.")


class TooManyByLogin(Refusal):
    code = "too_many_by_login"
    text = _("You already have %(limit)d upcoming appointments for the people in your care. Please call us.")


class TooManyOfOneDay(Refusal):
    code = "too_many_of_one_day"
    text = _("You already have %(limit)d appointments with this doctor on this day. Please call us.")


class VisitsUndecided(Refusal):
    code = "visits_undecided"
    text = _("Choose what becomes of the coming visits.")


class TooLateToChange(Refusal):
    code = "too_late_to_change"
    text = _("It is too late to change this appointment online. Please call us.")


class LinkOutdated(Refusal):
    code = "link_outdated"
    text = _("This link is about a time at which the appointment is not booked any more.")


class AskTheDesk(Refusal):
    code = "ask_the_desk"
    text = _("In this hospital the front desk changes bookings. Please ask it on the page of a visit.")


class NothingAsked(Refusal):
    code = "nothing_asked"
    field = "asked_of_desk"
    text = _("Please say what the front desk should do.")


class NotToday(Refusal):
    code = "not_today"
    text = _("Patients can be checked in on the day of the appointment and up to a week later.")


class NotYet(Refusal):
    code = "not_yet"
    text = _("The appointment has not begun yet.")


class NothingToCheckIn(Refusal):
    code = "nothing_to_check_in"
    text = _(
        "We found no visit of today with this reference and date of birth. Please check both, or go to the "
        "front desk."
    )


class TooManyFeeds(Refusal):
    code = "too_many_feeds"
    text = _("You have %(limit)d calendar addresses already. Revoke one of them first.")


class PayInAdvance(Refusal):
    code = "pay_in_advance"
    text = _(
        "After %(limit)d missed visits, a time is booked once it is paid online. Please pay now, or call us."
    )


class BookByPhone(Refusal):
    code = "book_by_phone"
    text = _("After %(limit)d missed visits we book by telephone, so that the time suits you: %(phone)s.")


class VideoNotOpen(Refusal):
    code = "video_not_open"
    text = _("The video call of this visit is not open now.")


class OverbookingNeedsReason(Refusal):
    code = "overbooking_needs_reason"
    field = "overbooking_reason"
    text = _("Please give the reason for overbooking.")


class NoExtraPlace(Refusal):
    code = "no_extra_place"
    field = "time"
    text = _("There is no extra place at this time any more. Please choose another time.")


class ShiftsOverlap(Refusal):
    code = "shifts_overlap"
    text = _("This overlaps with another shift of the doctor: %(other)s.")


class CannotCover(Refusal):
    code = "cannot_cover"
    field = "covered_by"
    text = _("%(doctor)s cannot cover this. Who covers is active, has a login and a registration in force.")


class OutsideDepartmentHours(Refusal):
    code = "outside_department_hours"
    text = _("The department is open from %(opens)s to %(closes)s.")


class LeaveHasBegun(Refusal):
    code = "leave_has_begun"
    text = _("This leave has begun. Only its end can be changed; the front desk changes the rest.")


class LeaveIsOver(Refusal):
    code = "leave_is_over"
    text = _("This leave is over and cannot be changed any more.")


class ShiftTooShort(Refusal):
    code = "shift_too_short"
    text = _("The shift is shorter than one slot.")


class PhotoRefused(Refusal):
    code = "photo_refused"
    text = _("Please choose a JPEG, PNG or WebP photograph of at most 5 MB.")


class PutsOutsideHours(Refusal):
    """`more` has the bookings, and what confirms the change."""

    code = "puts_outside_hours"
    text = _("%(count)d patients would be outside working hours. Nothing has been saved yet.")

    def __init__(self, count: int, fingerprint: str, references: list[str]):
        super().__init__(count=count)
        self.more = {"confirm": fingerprint, "bookings": references}


class PastOutOfOrder(Refusal):
    code = "past_out_of_order"
    text = _("The steps must start with held or booked, be in order of time and not be in the future.")


class HasLogin(Refusal):
    code = "has_login"
    field = "invite"
    text = _("This person has a login already.")


class NoAddressForLogin(Refusal):
    code = "no_address_for_login"
    field = "email"
    text = _("The invitation needs an e-mail address.")


class LoginExists(Refusal):
    code = "login_exists"
    field = "email"
    text = _("There is already a login with this e-mail address. Choose it as the login instead.")


class SaysNothing(Refusal):
    code = "says_nothing"
    text = _("“%(phrase)s” has no word by which anything can be found.")


class VisitsAreComing(Refusal):
    code = "visits_are_coming"

    @classmethod
    def of(cls, count: int) -> "VisitsAreComing":
        text = ngettext_lazy(
            "%(count)d visit is still to come. Move or cancel it first, or close this on its own page.",
            "%(count)d visits are still to come. Move or cancel them first, or close this on its own page.",
            "count",
        )
        return cls(text, count=count)
