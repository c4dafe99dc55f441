"""Statuses that the lists kept for each patient have in common."""

REFUTED, ENTERED_IN_ERROR = "refuted", "entered_in_error"
NEED_REASON = frozenset({REFUTED, ENTERED_IN_ERROR})
