"""All writes to the schedule. Arguments are keyword-only; `by` is the acting person or SYSTEM."""

from scheduling.services.booking import (
    book_appointment,
    confirm_booking,
    confirm_paid_booking,
    hold_slot,
)
from scheduling.services.calendar_feeds import make_feed, revoke_feed
from scheduling.services.cascade import (
    accept_instead,
    begin_cascade,
    choose_other_time,
    propose_times,
    refund_instead,
)
from scheduling.services.changes import (
    cancel_appointment,
    edit_symptoms,
    hold_instead,
    put_away,
    reschedule_appointment,
)
from scheduling.services.desk_notes import ask_the_desk, settle_what_was_asked, write_desk_note
from scheduling.services.extra_places import book_extra_place
from scheduling.services.housekeeping import expire_holds, mark_missed, purge_claims
from scheduling.services.lateness import announce_lateness
from scheduling.services.links import cancel_by_link, confirm_by_link
from scheduling.services.missed import explain_missed
from scheduling.services.no_show import activate_no_show_model, store_no_show_model
from scheduling.services.offering import offer_free_times
from scheduling.services.offers import accept_offer, decline_offer, leave_waiting_list, make_offer
from scheduling.services.outside_hours import ChangeOfHours, change_hours
from scheduling.services.schedules import delete_exception, save_exception, save_weekly_schedule
from scheduling.services.self_check_in import check_in_oneself
from scheduling.services.video import join_video
from scheduling.services.visits import (
    check_in,
    complete_consultation,
    mark_no_show,
    start_consultation,
)
from scheduling.services.waiting import change_entry, join_waiting_list

__all__ = [
    "ChangeOfHours",
    "accept_instead",
    "accept_offer",
    "activate_no_show_model",
    "announce_lateness",
    "ask_the_desk",
    "begin_cascade",
    "book_appointment",
    "book_extra_place",
    "cancel_appointment",
    "cancel_by_link",
    "change_entry",
    "change_hours",
    "check_in",
    "check_in_oneself",
    "choose_other_time",
    "complete_consultation",
    "confirm_booking",
    "confirm_by_link",
    "confirm_paid_booking",
    "decline_offer",
    "delete_exception",
    "edit_symptoms",
    "expire_holds",
    "explain_missed",
    "hold_instead",
    "hold_slot",
    "join_video",
    "join_waiting_list",
    "leave_waiting_list",
    "make_feed",
    "make_offer",
    "mark_missed",
    "mark_no_show",
    "offer_free_times",
    "propose_times",
    "purge_claims",
    "put_away",
    "refund_instead",
    "reschedule_appointment",
    "revoke_feed",
    "save_exception",
    "save_weekly_schedule",
    "settle_what_was_asked",
    "start_consultation",
    "store_no_show_model",
    "write_desk_note",
]
