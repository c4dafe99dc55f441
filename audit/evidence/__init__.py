"""Makes the log trustworthy: what was done to it or past it is found and named.

`seals` chain the entries and export checkpoints, `verification` compares log, seals and tables, `triggers`
let the database refuse changes, `archives`, `purging` and `retention` keep entries as long as they must
be kept, `adoption` takes unknown rows into the log. Each is behind a command in `audit.management`.
"""
