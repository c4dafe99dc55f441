from django.db import models
from django.utils.translation import gettext_lazy as _


class KeptAnswer(models.Model):
    """A request with an idempotency key, and the answer to it once there is one, encrypted."""

    # A keyed hash of the login and its key, so that no key finds the answer to somebody else.
    key = models.CharField(max_length=64, unique=True)
    # A keyed hash of the request: bodies hold passwords.
    request = models.CharField(max_length=64)
    begun_at = models.DateTimeField(_("begun at"), db_index=True)
    answer = models.BinaryField(null=True)

    class Meta:
        default_permissions = []
        verbose_name = _("kept answer")
        verbose_name_plural = _("kept answers")

    def __str__(self):
        return self.key
