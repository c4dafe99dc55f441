import logging
from smtplib import SMTPException

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib import messages
from django.utils.translation import gettext as _

from accounts.known_browsers import counter_of, remember_browser
from accounts.models import User

log = logging.getLogger(__name__)


class HospitalAccountAdapter(DefaultAccountAdapter):
    def send_mail(self, template_prefix: str, email: str, context: dict) -> None:
        """Show a message if the mail server does not answer; the request itself does not fail."""
        try:
            super().send_mail(template_prefix, email, context)
        except (OSError, SMTPException):
            log.exception("The e-mail %s was not sent", template_prefix)
            if self.request is not None:
                sorry = _("We could not send you an e-mail. Please try again later.")
                messages.error(self.request, sorry)

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
