"""Patterns in the log that an auditor should review.

A rule is a function from one day's accesses to findings. An app adds its own with `registry.add_rule`;
`finding.find_anomalies` applies all rules, `review` records what an auditor decides.
"""
