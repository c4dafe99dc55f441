"""The audit log: who did what to which record, when, from where and why.

The rooms, each importing only from those below it:

- `admin`, `management`: the auditor's pages and the operator's commands
- `anomalies`: patterns of accesses that an auditor reviews
- `reading`: entries in words, found by record, patient or person; a record's history
- `receivers`: the signals that the log listens to
- `evidence`: seals, archives, triggers, and comparing tables with the log
- `capture`: what is logged, of whom, under which circumstances
- `models`: the tables, and `Audited`, the base class of every logged model
- `signing`: keys and keyed hashes
"""
