from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from audit.models.audited import Audited
from clinical.querysets.kept import KeptQuerySet
from hms.core.folded import NamedOnce


class Kept(Audited, NamedOnce):
    """What a doctor keeps for their own visits, or the head of a department for all its doctors."""

    doctor = models.ForeignKey(
        "scheduling.Doctor", on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("doctor"),
    )  # fmt: skip
    department = models.ForeignKey(
        "scheduling.Department", on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("for the whole department"),
    )  # fmt: skip
    is_active = models.BooleanField(_("in use"), default=True)

    objects = KeptQuerySet.as_manager()

    class Meta(Audited.Meta):
        abstract = True

    @property
    def whose(self) -> str:
        return str(self.department) if self.department_id else gettext("Only you")

    def is_kept_by(self, user) -> bool:
        keeper = self.department.head if self.department_id else self.doctor
        return keeper is not None and keeper.user_id is not None and keeper.user_id == user.pk


def kept_once(name: str, table: str) -> list[models.BaseConstraint]:
    """One owner, a doctor or a department, who uses each name once."""
    own = Q(doctor__isnull=False, department__isnull=True)
    shared = Q(doctor__isnull=True, department__isnull=False)
    return [
        models.CheckConstraint(condition=own | shared, name=f"clinical_{table}_has_one_owner"),
        models.UniqueConstraint(fields=["doctor", "name_key"], name=f"clinical_{table}_{name}_is_used_once"),
        models.UniqueConstraint(
            fields=["department", "name_key"], name=f"clinical_department_{table}_{name}_is_used_once"
        ),
    ]
