import logging
from datetime import timedelta
from smtplib import SMTPException

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib import messages
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.known_browsers import counter_of, remember_browser
from accounts.models import User
from accounts.roles import Role

PASSWORD_LINK, INVITATION = "account/email/password_reset_key", "account/email/invitation"

log = logging.getLogger(__name__)


class HospitalAccountAdapter(DefaultAccountAdapter):
    def send_mail(self, template_prefix: str, email: str, context: dict) -> None:
        """Show a message if the mail server does not answer; the request itself does not fail.

        Who has never had a password is invited, because there is none that could be changed.
        """
        if template_prefix == PASSWORD_LINK and not context["user"].has_usable_password():
            template_prefix, context = INVITATION, context | self.invitation_of(context["user"])
        try:
            super().send_mail(template_prefix, email, context)
        except (OSError, SMTPException):
            log.exception("The e-mail %s was not sent", template_prefix)
            if self.request is not None:
                sorry = _("We could not send you an e-mail. Please try again later.")
                messages.error(self.request, sorry)

    def invitation_of(self, user: User) -> dict:
        labels = dict(Role.choices)
        path = reverse("account_reset_password")
        return {
            "hospital": settings.HOSPITAL,
            "roles": ", ".join(str(labels[name]) for name in sorted(user.role_names & labels.keys())),
            "valid_until": timezone.localtime() + timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT),
            "another_link_url": self.request.build_absolute_uri(path) if self.request else path,
        }

    def pre_authenticate(self, request, **credentials) -> None:
        """Limit failures; allauth counts them by the address that it is given here."""
        counted = {"email": counter_of(request, credentials["email"])} if "email" in credentials else {}
        super().pre_authenticate(request, **credentials | counted)

    def post_login(self, request, user, **facts):
        response = super().post_login(request, user, **facts)
        remember_browser(request, response, user)
        return response

    def confirm_email(self, request, email_address) -> bool:
        """Refuse an address that another login has taken in the meantime."""
        others = User.objects.exclude(pk=email_address.user_id)
        if others.filter(email=email_address.email).exists():
            messages.error(request, _("This e-mail address now belongs to another account."))
            return False
        return super().confirm_email(request, email_address)
