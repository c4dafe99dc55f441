"""What in the log is strange enough for somebody to look into.

A rule is a function from one day's accesses to findings. Apps above add their own: see `registry`.
"""
