from allauth.account.adapter import DefaultAccountAdapter


class HospitalAccountAdapter(DefaultAccountAdapter):
    """How logins are made and where they land."""
