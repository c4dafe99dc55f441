"""How entries are numbered and hashed: `identifiers`, the `canonical` form, `keys` from the environment.

It imports no model, so models and migrations can import it.
"""
