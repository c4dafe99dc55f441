from django.utils.translation import gettext_lazy as _

from hms.core.refusals import Refusal


class TextForgotten(Refusal):
    """The notification cannot be sent again: its text was deleted after the retention time."""

    code = "text_forgotten"
    text = _("The text of this message has been deleted.")
