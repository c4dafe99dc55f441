from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


class TextForgotten(ValidationError):
    """There is nothing left to send: the text was deleted when its time was over."""

    def __init__(self):
        super().__init__(_("The text of this message has been deleted."), code="text_forgotten")
