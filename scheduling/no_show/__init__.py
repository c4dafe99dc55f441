"""How likely a booked patient is not to come, and how many of several will; without a database.

`facts` is all that an estimate may rest on, `logistic` estimates and fits, `measures` says how good the
estimates were, and `expected` counts who will come.
"""
