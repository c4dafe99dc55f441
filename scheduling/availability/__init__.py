"""Which times a doctor offers, and why every other time is not offered.

`facts` reads the database (a constant number of queries), `grid` computes slots in integer arithmetic,
and `questions` holds the functions that pages, the desk, the API and the booking check call.
"""

from scheduling.availability.doctors import DoctorTerms, bookable_doctors, doctor_terms, terms_of
from scheduling.availability.grid import Slot
from scheduling.availability.outside_hours import outside_hours
from scheduling.availability.questions import (
    Explained,
    days_with_free,
    explain,
    find_slot,
    next_free,
    offered_slots,
    slots_of_day,
)
from scheduling.availability.reasons import Reason
from scheduling.availability.terms import BookingTerms, Move, Place

__all__ = [
    "BookingTerms",
    "DoctorTerms",
    "Explained",
    "Move",
    "Place",
    "Reason",
    "Slot",
    "bookable_doctors",
    "days_with_free",
    "doctor_terms",
    "explain",
    "find_slot",
    "next_free",
    "offered_slots",
    "outside_hours",
    "slots_of_day",
    "terms_of",
]
