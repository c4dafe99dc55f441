"""Diagnoses by the words that people use for them: reading lists of them, and finding one while typing."""
