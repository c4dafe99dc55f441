"""Second factors: secrets are encrypted, and a factor that a role requires cannot be removed."""

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import MultiFernet
from django.conf import settings

from hms.core.ciphers import cipher_for

REAL_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def must_have_second_factor(user) -> bool:
    """Whether one of the user's roles requires it; superusers count as administrators."""
    demanding = set(settings.MFA_REQUIRED_ROLES)
    if not demanding:
        return False
    return bool(demanding & user.role_names) or (user.is_superuser and "administrator" in demanding)


class HospitalMfaAdapter(DefaultMFAAdapter):
    def encrypt(self, text: str) -> str:
        return cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return cipher().decrypt(encrypted_text.encode()).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        user = authenticator.user
        others = Authenticator.objects.filter(user=user, type__in=REAL_FACTORS)
        return not must_have_second_factor(user) or others.exclude(pk=authenticator.pk).exists()


def cipher() -> MultiFernet:
    return cipher_for("hms.accounts.mfa")
