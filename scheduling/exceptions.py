"""Refusals of the scheduling services; forms, admin and API show them as they are."""

from django.utils.translation import gettext_lazy as _

from hms.core.refusals import Refusal


class SlotTaken(Refusal):
    code = "slot_taken"
    field = "time"
    text = _("This time has just been taken. Please choose another one.")


class PatientBusy(Refusal):
    code = "patient_busy"
    field = "time"
    text = _("The patient already has an appointment at this time.")


class SlotNotOffered(Refusal):
    """The time is not offered; `code` is the availability's reason."""

    field = "time"

    def __init__(self, reason):
        super().__init__(reason.label)
        self.code = reason.value


class TooManyBookings(Refusal):
    code = "too_many_bookings"
    text = _(
        "There are already %(limit)d coming appointments for this patient. Please cancel one or call us."
    )


class TooManyHolds(Refusal):
    code = "too_many_holds"
    text = _("You are holding %(limit)d times already. Please finish or give up one of them first.")


class TooLateToChange(Refusal):
    code = "too_late_to_change"
    text = _("It is too late to change this appointment here. Please call us.")


class NotToday(Refusal):
    code = "not_today"
    text = _("Patients can be checked in on the day of the appointment only.")


class NotYet(Refusal):
    code = "not_yet"
    text = _("The appointment has not begun yet.")


class OverbookingNeedsReason(Refusal):
    code = "overbooking_needs_reason"
    field = "overbooking_reason"
    text = _("Please give the reason for overbooking.")


class ShiftsOverlap(Refusal):
    code = "shifts_overlap"
    text = _("This overlaps with another shift of the doctor: %(other)s.")


class OutsideDepartmentHours(Refusal):
    code = "outside_department_hours"
    text = _("The department is open from %(opens)s to %(closes)s.")


class ShiftTooShort(Refusal):
    code = "shift_too_short"
    text = _("The shift is shorter than one slot.")


class PhotoRefused(Refusal):
    code = "photo_refused"
    text = _("Please choose a photograph as JPEG, PNG or WebP of at most 5 MB.")


class PastOutOfOrder(Refusal):
    code = "past_out_of_order"
    text = _("An appointment begins held or booked, its steps follow each other, and none is to come.")
