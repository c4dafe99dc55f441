from django.utils.translation import gettext_lazy as _

from hms.core.refusals import Refusal


class TextForgotten(Refusal):
    """The notification cannot be sent again: its text was deleted after the retention time."""

    code = "text_forgotten"
    text = _("The text of this message has been deleted.")


class MessageNecessary(Refusal):
    code = "message_necessary"
    text = _("Messages of this kind are necessary and cannot be declined.")


class NameUnknown(Refusal):
    code = "name_unknown"
    text = _("These mean nothing here: %(names)s. You may use: %(known)s.")


class SmsTooLong(Refusal):
    code = "sms_too_long"
    text = _("Longer than one SMS by %(over)d characters, even with short names: its end would be cut.")
