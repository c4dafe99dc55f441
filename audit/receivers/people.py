"""Logins, failed logins, and changes of credentials.

Receivers take the actor from the signal where it has one: during a login nobody is logged in yet.
"""

from allauth.account import signals as account
from allauth.mfa import signals as mfa
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed

from audit.capture.recorder import record_event
from audit.capture.values import MASK
from audit.models import Action, Outcome

# allauth's signals by what the log says happened.
CREDENTIAL_SIGNALS = {
    "password_set": account.password_set,
    "password_changed": account.password_changed,
    "password_reset": account.password_reset,
    "email_added": account.email_added,
    "email_changed": account.email_changed,
    "email_removed": account.email_removed,
    "authenticator_added": mfa.authenticator_added,
    "authenticator_removed": mfa.authenticator_removed,
    "authenticator_reset": mfa.authenticator_reset,
}
CODE_SIGNALS = {
    "login_code": account.login_code_rejected,
    "password_reset_code": account.password_reset_code_rejected,
    "email_verification_code": account.email_verification_code_rejected,
    "second_factor": mfa.authentication_failed,
}


def listen() -> None:
    user_logged_in.connect(log_login)
    user_logged_out.connect(log_logout)
    user_login_failed.connect(log_failed_login)
    account.user_signed_up.connect(log_sign_up)
    account.email_confirmed.connect(log_confirmed_email)
    for what, signal in CREDENTIAL_SIGNALS.items():
        signal.connect(_credentials_changed(what), weak=False, dispatch_uid=f"audit {what}")
    for what, signal in CODE_SIGNALS.items():
        signal.connect(_code_rejected(what), weak=False, dispatch_uid=f"audit {what}")


def log_login(user, **_kwargs) -> None:
    record_event(Action.LOGIN, obj=user, actor=user)


def log_logout(user, **_kwargs) -> None:
    if user is not None:
        record_event(Action.LOGOUT, obj=user, actor=user)


def log_failed_login(credentials, **_kwargs) -> None:
    """Anything but an e-mail address is masked: people type passwords into the wrong field."""
    tried = str(credentials.get("email") or credentials.get("username") or "")
    details = {"email": tried[:254] if "@" in tried else MASK}
    record_event(Action.LOGIN_FAILED, details=details, outcome=Outcome.FAILED)


def log_sign_up(user, **_kwargs) -> None:
    record_event(Action.SIGN_UP, obj=user, actor=user)


def log_confirmed_email(email_address, **_kwargs) -> None:
    details = {"what": "email_confirmed", "email": email_address.email}
    user = email_address.user
    record_event(Action.CREDENTIALS, obj=user, actor=user, details=details)


def _credentials_changed(what: str):
    def log_changed_credentials(user, **kwargs) -> None:
        record_event(Action.CREDENTIALS, obj=user, details={"what": what} | _particulars(kwargs))

    return log_changed_credentials


def _code_rejected(what: str):
    def log_rejected_code(user=None, **_kwargs) -> None:
        details = {"what": what}
        record_event(Action.LOGIN_FAILED, obj=user, details=details, outcome=Outcome.FAILED)

    return log_rejected_code


def _particulars(kwargs: dict) -> dict:
    """The e-mail address or kind of second factor, without secrets."""
    particulars = {}
    if address := kwargs.get("email_address"):
        particulars["email"] = address.email
    if address := kwargs.get("from_email_address"):
        particulars["from"] = address.email
    if address := kwargs.get("to_email_address"):
        particulars["to"] = address.email
    if authenticator := kwargs.get("authenticator"):
        particulars["authenticator"] = authenticator.type
    return particulars
