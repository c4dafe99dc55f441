from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from audit.models.audited import Audited
from hms.core.constraints import one_of
from hms.notifications.statuses import Kind


class MessageTemplate(Audited):
    """The hospital's own words for one kind of message in one language; what is empty is as shipped."""

    kind = models.CharField(_("about"), max_length=24, choices=Kind)
    language = models.CharField(_("language"), max_length=10, default=settings.LANGUAGE_CODE)
    subject = models.CharField(_("subject of the e-mail"), max_length=120, blank=True)
    body = models.TextField(_("text of the e-mail"), max_length=4000, blank=True)
    sms = models.TextField(_("SMS"), max_length=320, blank=True)
    dlt_template_id = models.CharField(
        _("DLT template id"), max_length=30, blank=True,
        help_text=_("The number under which the text of the SMS is registered with the operators."),
    )  # fmt: skip

    class Meta(Audited.Meta):
        ordering = ["kind", "language"]
        verbose_name = _("text of messages")
        verbose_name_plural = _("texts of messages")
        constraints = [
            models.UniqueConstraint(fields=["kind", "language"], name="notifications_one_text_per_language"),
            one_of("kind", Kind, "notifications_template_kind_exists"),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} ({self.language})"
