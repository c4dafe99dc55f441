from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.models.audited import Audited
from hms.core.constraints import before
from hms.core.folded import FoldedKey, NamedOnce
from scheduling.cells import on_the_grid


class Department(Audited, NamedOnce):
    """A speciality with its opening hours; no weekly shift offers times outside them."""

    log_exclude = ("created_at", "changed_at")  # the log has its own times

    slug = models.SlugField(_("address name"), max_length=40, unique=True)
    slug_key = FoldedKey("slug", unique=True)
    name = models.CharField(_("name"), max_length=80)
    name_key = FoldedKey("name", unique=True)
    description = models.TextField(_("description"), blank=True)
    opens_at = models.TimeField(_("opens at"), validators=[on_the_grid])
    closes_at = models.TimeField(
        _("closes at"), validators=[on_the_grid], help_text=_("23:59 lasts until midnight.")
    )
    head = models.ForeignKey(
        "scheduling.Doctor",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("head of department"),
    )
    is_active = models.BooleanField(_("open to patients"), default=True)
    created_at = models.DateTimeField(_("created"), null=True, editable=False)
    changed_at = models.DateTimeField(_("changed"), null=True, editable=False)

    class Meta:
        ordering = ["name"]
        verbose_name = _("department")
        verbose_name_plural = _("departments")
        constraints = [before("opens_at", "closes_at", "scheduling_department_closes_after_it_opens")]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        stored = None if self._state.adding else type(self)._base_manager.filter(pk=self.pk).first()
        if stored is None or stored._values() != self._values():
            self.changed_at = timezone.now()
        if stored is None:
            self.created_at = self.changed_at
        super().save(*args, **kwargs)

    def _values(self) -> dict:
        return {
            field.attname: getattr(self, field.attname)
            for field in self._meta.concrete_fields
            if field.editable
        }
