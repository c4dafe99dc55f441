"""Second factors: secrets are encrypted, and a factor that a role requires cannot be removed."""

from base64 import urlsafe_b64encode
from hashlib import sha256

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings

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
    """Encrypts with SECRET_KEY; also decrypts what SECRET_KEY_FALLBACKS encrypted."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = (sha256(b"hms.accounts.mfa" + key.encode()).digest() for key in keys)
    return MultiFernet([Fernet(urlsafe_b64encode(digest)) for digest in digests])
