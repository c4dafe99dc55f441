"""Reads the log for people.

`search` finds entries by what an auditor types, `diff` puts an entry into words, `history` is the history
page of a logged record in the staff site.
"""
