from django.utils.translation import gettext_lazy as _

from hms.core.refusals import Refusal


class TextForgotten(Refusal):
    """There is nothing left to send: the text was deleted when its time was over."""

    code = "text_forgotten"
    text = _("The text of this message has been deleted.")
