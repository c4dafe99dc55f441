"""Signals about visits, sent inside the transaction."""

from django.dispatch import Signal

# With `encounter`, `by` and `services`: the names and codes of what was done and is to be charged.
visit_finished = Signal()
