"""Signals about patients and carers, sent inside the transaction."""

from django.dispatch import Signal

# Before it ends, with `guardianship`, `by` and `visits`: a `ComingVisits`, or "" where nobody has chosen.
care_ending = Signal()

# With `guardianship` and `by`: a login may act for a patient from now on, or no longer.
care_given = Signal()
care_ended = Signal()
