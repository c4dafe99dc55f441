"""Signals about patients and carers, sent inside the transaction."""

from django.dispatch import Signal

# Before it ends, with `guardianship`, `by` and `visits`: a `ComingVisits`, or "" where nobody has chosen.
care_ending = Signal()
