from django.utils.translation import gettext_lazy as _

from hms.core.refusals import KeyReused, Refusal


class KeyInvalid(Refusal):
    code = "key_invalid"
    text = _("An idempotency key has 1 to 255 visible ASCII characters.")


class KeyOfAnotherRequest(KeyReused):
    text = _("This idempotency key was used for another request.")


class StillInProgress(Refusal):
    code = "in_progress"
    text = _("The first request with this idempotency key has not been answered yet. Try again in a second.")
