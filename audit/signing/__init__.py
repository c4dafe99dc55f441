"""How an entry is numbered and hashed: `keys` from the environment, one `canonical` form, `identifiers`.

Knows no model, so that models and migrations can import it.
"""
