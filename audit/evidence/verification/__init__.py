"""Checks that the log is as it was written, and the tables are as the log says."""
