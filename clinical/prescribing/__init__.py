"""Calculations of prescribing: schedules, what doctors type, the check. Nothing here reads the database."""
