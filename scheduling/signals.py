"""Signals about appointments, sent inside the transaction with `appointment` and `by`."""

from django.dispatch import Signal

appointment_held = Signal()
appointment_booked = Signal()  # also with `is_new`, and for a new one `doctor` and `shown_price`
appointment_rescheduled = Signal()  # also with `was_doctor_id`, `was_at` and `is_by_patient`
appointment_cancelled = Signal()  # also with `is_by_patient`
appointment_arrived = Signal()
appointment_started = Signal()
appointment_completed = Signal()
appointment_missed = Signal()
appointment_expired = Signal()

# A waiting or coming patient's doctor is late by `minutes` (a threshold passed for the first time).
doctor_runs_late = Signal()
# Sent inside the transaction with `offer` and `by`.
offer_made = Signal()  # a time is held for somebody; for a visit outside working hours there may be none
visit_stays = Signal()  # a visit for which another time was offered is within working hours again
