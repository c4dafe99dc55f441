"""Facts that the floor states for whoever stands on it."""

from django.dispatch import Signal

# Somebody asked for a row (`key`, perhaps of nothing at all) of the sender that they may not see.
access_denied = Signal()
