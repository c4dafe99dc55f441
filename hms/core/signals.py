"""Signals that the core sends to the apps above it."""

from django.dispatch import Signal

# Somebody asked for a row of the sender that they may not see; no row need have this `key`.
access_denied = Signal()
