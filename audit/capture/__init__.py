"""Writes the log: what is logged, of whom, under which circumstances.

A model is logged by being `Audited` (`audit.models.audited`) or by `registry.register`. Rows are logged
by `querysets.AuditedQuerySet` and `audit.receivers`, accesses to patients by `reads`, anything else by
`recorder.record_event`. `context.audit_context` says who acts, from where and why.
"""
