from collections.abc import Iterable, Sequence
from datetime import date
from functools import reduce
from operator import or_

from django.apps import apps
from django.db.models import CharField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Cast
from django.utils import timezone
from phonenumber_field.phonenumber import to_python

from accounts.approvals import kinds_decided_by
from accounts.matching import Person, is_unknown_birthday, likely_birth_dates, years_around
from accounts.mrn import mrn_from
from accounts.names import name_key, starts_with, tidy_email
from accounts.roles import Role
from accounts.statuses import ApprovalStatus, PairStatus
from audit.capture.querysets import AuditedQuerySet
from audit.capture.reads import logs_reads

NOBODY = Q(pk__in=())
COMPARED = ("pk", "full_name", "date_of_birth", "phone_text", "email", "abha_number")


class NamedQuerySet(AuditedQuerySet):
    def bulk_create(self, objs, *args, **kwargs):
        """Set the search keys of names, as `save()` does."""
        objs = list(objs)
        for row in objs:
            row.set_keys()
        return super().bulk_create(objs, *args, **kwargs)

    def named(self, text: str) -> "NamedQuerySet":
        """Rows whose whole name or family name begins with `text`."""
        key = name_key(text)
        return self.filter(starts_with("name_key", key) | starts_with("family_key", key))


class UserQuerySet(NamedQuerySet):
    @logs_reads
    def visible_to(self, user) -> "UserQuerySet":
        """All logins for those who assign roles, those of non-staff for the desk, otherwise the own login."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.is_staff and user.has_perm("accounts.assign_roles"):
            return self
        if user.is_staff and user.has_perm("accounts.view_user"):
            return self.filter(Q(is_staff=False) | Q(pk=user.pk))
        return self.filter(pk=user.pk)

    def administrators(self) -> "UserQuerySet":
        """The open logins of administrators and superusers."""
        is_administrator = Q(is_superuser=True) | Q(groups__name=Role.ADMINISTRATOR)
        return self.filter(is_administrator, is_active=True).distinct()

    def matching(self, text: str) -> "UserQuerySet":
        if "@" in text:
            return self.filter(starts_with("email", tidy_email(text)))
        return self.named(text)


class ApprovalQuerySet(AuditedQuerySet):
    def visible_to(self, user) -> "ApprovalQuerySet":
        """What the person asked for, and what they may decide."""
        if not user.is_authenticated or not user.is_active or not user.is_staff:
            return self.none()
        return self.filter(Q(asked_by=user) | Q(kind__in=kinds_decided_by(user)))

    def to_decide(self, user) -> "ApprovalQuerySet":
        """What waits for a decision that this person may take."""
        waiting = self.visible_to(user).filter(status=ApprovalStatus.OPEN, expires_at__gt=timezone.now())
        return waiting.exclude(asked_by=user)


class PatientOwnedQuerySet(AuditedQuerySet):
    """Rows that belong to patients; the model (`PatientOwned`) declares who sees them."""

    @logs_reads
    def visible_to(self, user):
        """All rows for staff with `view_every_permission`; otherwise those that the model grants."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        model = self.model
        if user.is_staff and model.view_every_permission and user.has_perm(model.view_every_permission):
            return self
        grounds = model.carer_grounds(user)
        return self.filter(grounds | model.staff_grounds(user) if user.is_staff else grounds)

    def matching(self, text: str):
        """Rows of the patients whom the text finds: by number, phone, e-mail, or the beginning of a name."""
        patients = apps.get_model("accounts", "Patient").objects.matching(text).order_by()
        return self.filter(**{f"{self.model.to_patient}__in": patients.values("pk")})


def patients_in_care(user, scopes: Iterable[str] = ()) -> QuerySet:
    """Keys of the patients for whom `user` holds a guardianship in force, with one of `scopes` if given."""
    held = apps.get_model("accounts", "Guardianship").objects.in_force().filter(user=user)
    return held.with_any(scopes).values("patient_id")


class DuplicatePairQuerySet(PatientOwnedQuerySet):
    def about(self, keys: Iterable[int]) -> "DuplicatePairQuerySet":
        keys = list(keys)
        return self.filter(Q(patient_id__in=keys) | Q(original_id__in=keys))


class PatientQuerySet(NamedQuerySet, PatientOwnedQuerySet):
    def with_original(self, user) -> "PatientQuerySet":
        """Adds `original_mrn`, the number of the older record of a patient who is registered twice.

        None where `user` may not see the older record.
        """
        visible = apps.get_model("accounts", "Patient").objects.visible_to(user).order_by().values("pk")
        pairs = apps.get_model("accounts", "DuplicatePair").objects.filter(
            status=PairStatus.SAME, original__in=visible
        )
        older = pairs.filter(patient=OuterRef("pk")).order_by("original_id").values("original__mrn")
        return self.annotate(original_mrn=Subquery(older[:1]))

    def cared_for_by(self, user, scope: str | None = None) -> "PatientQuerySet":
        """Patients for whom `user` holds a guardianship in force, with `scope` if given."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        return self.filter(pk__in=patients_in_care(user, (scope,) if scope else ()))

    def matching(self, text: str) -> "PatientQuerySet":
        text = text.strip()
        if "@" in text:
            return self.filter(starts_with("email", tidy_email(text)))
        if not any(character.isdigit() for character in text):
            return self.named(text)
        phone = to_python(text)
        grounds = Q(mrn=mrn_from(text)) | Q(reference=text.upper())
        return self.filter(grounds | Q(phone=phone) if phone and phone.is_valid() else grounds)

    def resembling(self, people: Sequence[Person]) -> QuerySet:
        """What to compare of patients who may be these people; an index of its own answers each ground.

        The phone is read as text: parsing each number takes longer than the comparison.
        """
        phones = {person.phone for person in people if person.phone}
        emails = {person.email for person in people if person.email}
        numbers = {person.abha_number for person in people if person.abha_number}
        dates = {born for person in people for born in likely_birth_dates(person.date_of_birth)}
        years = [
            _born_within_a_year(person) for person in people if is_unknown_birthday(person.date_of_birth)
        ]
        grounds = [Q(date_of_birth__in=dates)]
        grounds += [Q(phone__in=phones)] if phones else []
        grounds += [Q(email__in=emails)] if emails else []
        grounds += [Q(abha_number__in=numbers)] if numbers else []
        grounds += [reduce(or_, years)] if years else []
        rows = self.order_by().annotate(phone_text=Cast("phone", CharField()))
        found = [rows.filter(ground).values_list(*COMPARED) for ground in grounds]
        return found[0].union(*found[1:])


def _born_within_a_year(person: Person) -> Q:
    """Born in the years for which 1 January may stand, and a first or last word of the name in common."""
    years = years_around(person.date_of_birth)
    words = name_key(person.full_name).split()
    same = Q(family_key__in=words)
    for word in words:
        same |= starts_with("name_key", word)
    return Q(date_of_birth__range=(date(years[0], 1, 1), date(years[-1], 12, 31))) & same


class GuardianshipQuerySet(PatientOwnedQuerySet):
    def in_force(self, on: date | None = None) -> "GuardianshipQuerySet":
        """Guardianships neither revoked nor ended on the day (by default today)."""
        on = on or timezone.localdate()
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=on), revoked_at__isnull=True)

    def with_any(self, scopes: Iterable[str]) -> "GuardianshipQuerySet":
        """Guardianships with one of `scopes`; all of them if `scopes` is empty."""
        condition = Q()
        for scope in scopes:
            condition |= Q(**{scope: True})
        return self.filter(condition)

    def concerning(self, user) -> "GuardianshipQuerySet":
        return self.filter(self.model.carer_grounds(user))

    def for_list(self) -> "GuardianshipQuerySet":
        return self.select_related("patient", "user")
