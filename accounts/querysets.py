from datetime import date

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts.visibility import scopes_for
from audit.querysets import AuditedQuerySet


class PatientQuerySet(AuditedQuerySet):
    def visible_to(self, user) -> "PatientQuerySet":
        """Patients whose particulars `user` may see: everybody's for the desk, one's own for others."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.has_perm("accounts.view_every_patient"):
            return self
        grounds = self._in_care_of(user)
        for condition in scopes_for(user):
            grounds |= condition
        return self.filter(grounds)

    def cared_for_by(self, user, scope: str) -> "PatientQuerySet":
        """Patients for whom `user` holds a guardianship in force with this scope."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(self._in_care_of(user, scope))

    def _in_care_of(self, user, scope: str | None = None) -> Q:
        held = self.model.guardianships.rel.related_model.objects.in_force().filter(
            user=user, patient=OuterRef("pk")
        )
        return Q(Exists(held.filter(**{scope: True}) if scope else held))


class GuardianshipQuerySet(AuditedQuerySet):
    def in_force(self, on: date | None = None) -> "GuardianshipQuerySet":
        """Consented, not revoked and not ended on the day (today unless told)."""
        on = on or timezone.localdate()
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=on), revoked_at__isnull=True)

    def visible_to(self, user) -> "GuardianshipQuerySet":
        if not user.is_authenticated:
            return self.none()
        return self if user.has_perm("accounts.view_every_patient") else self.filter(user=user)
