"""The log is append-only and outlives its subjects.

So the database has no constraint on the actor, the patient is a number (`accounts` lies above this app), and
names are copied when an entry is written.
"""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.models.append_only import AppendOnly
from audit.signing.canonical import mac_of
from audit.signing.identifiers import TimeOrderedKey, new_key
from audit.signing.keys import writing_key
from audit.statuses import Source


class Action(models.TextChoices):
    CREATE = "create", _("Created")
    UPDATE = "update", _("Changed")
    DELETE = "delete", _("Deleted")
    READ = "read", _("Read")
    SEARCH = "search", _("Searched")
    PRINT = "print", _("Printed")
    DOWNLOAD = "download", _("Downloaded")
    EXPORT = "export", _("Exported")
    LOGIN = "login", _("Logged in")
    LOGIN_FAILED = "login_failed", _("Login failed")
    LOGOUT = "logout", _("Logged out")
    SIGN_UP = "sign_up", _("Signed up")
    CREDENTIALS = "credentials", _("Changed how to log in")
    PERMISSION_CHANGE = "permission_change", _("Changed rights")
    SETTINGS_CHANGE = "settings_change", _("Changed settings")
    CARRY = "carry", _("Carried over")  # the state of a row before the oldest entry that is kept
    ARCHIVE = "archive", _("Archived")
    PURGE = "purge", _("Purged")


# Actions that change a row.
WRITES = (Action.CREATE, Action.UPDATE, Action.DELETE, Action.PERMISSION_CHANGE)


class Outcome(models.TextChoices):
    DONE = "done", _("Done")
    REFUSED = "refused", _("Refused")
    FAILED = "failed", _("Failed")


class AuditEvent(AppendOnly):
    """One thing that somebody did: who, to whose record, when, from where, why, and what it changed.

    `changes` is {"field": [before, after]} of plain values (see `audit.capture.values`): all columns of a
    created row except empty ones, the differing ones of a changed row, all of a deleted row. `mac` is
    a keyed hash over everything else (see `audit.signing.canonical`).
    """

    id = TimeOrderedKey(primary_key=True, default=new_key)
    recorded_at = models.DateTimeField(_("time"), default=timezone.now)
    action = models.CharField(_("action"), max_length=20, choices=Action)
    outcome = models.CharField(_("outcome"), max_length=8, choices=Outcome, default=Outcome.DONE)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.DO_NOTHING,
        null=True,
        related_name="+",
        db_constraint=False,
        db_index=False,
        verbose_name=_("person"),
    )
    actor_label = models.CharField(_("person"), max_length=200, blank=True)
    actor_roles = models.CharField(_("roles"), max_length=200, blank=True)
    on_behalf_of = models.CharField(_("on behalf of"), max_length=200, blank=True)
    source = models.CharField(_("source"), max_length=8, choices=Source)
    origin = models.CharField(_("page or command"), max_length=200, blank=True)
    address = models.GenericIPAddressField(_("address"), null=True)
    request_id = models.CharField(_("request"), max_length=32, blank=True)
    model = models.CharField(_("kind of record"), max_length=80, blank=True)
    object_pk = models.CharField(_("record"), max_length=64, blank=True)
    object_repr = models.CharField(_("name of the record"), max_length=200, blank=True)
    patient_id = models.BigIntegerField(_("patient"), null=True)
    changes = models.JSONField(_("changes"), default=dict)
    details = models.JSONField(_("details"), default=dict)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    key_version = models.PositiveSmallIntegerField(_("version of the key"), default=0)
    mac = models.CharField(_("keyed hash"), max_length=64, default="")

    class Meta:
        base_manager_name = "objects"
        ordering = ["-recorded_at", "-pk"]
        default_permissions = ("view",)
        verbose_name = _("log entry")
        verbose_name_plural = _("log entries")
        indexes = [
            models.Index(fields=["recorded_at"], name="audit_event_by_time"),
            models.Index(fields=["patient_id", "recorded_at"], name="audit_event_by_patient"),
            models.Index(fields=["actor", "recorded_at"], name="audit_event_by_actor"),
            models.Index(fields=["action", "recorded_at"], name="audit_event_by_action"),
            models.Index(fields=["object_pk", "model"], name="audit_event_by_object"),
            models.Index(fields=["request_id"], name="audit_event_by_request"),
        ]

    def __str__(self):
        what = " ".join(part for part in (self.model, self.object_repr) if part)
        return f"{self.get_action_display()}: {what}" if what else self.get_action_display()

    def sign(self) -> None:
        """Compute the keyed hash of the row."""
        self.key_version, key = writing_key()
        self.mac = mac_of(self.__dict__, key)

    def save(self, *, using=None, **_options):
        if self._state.adding:
            self.sign()
        super().save(using=using)


class AuditSubject(AppendOnly):
    """The entry shows this patient: an index by which accesses to a patient are found.

    It proves nothing itself: the entry names the same patients under its keyed hash.
    """

    event_id = models.BigIntegerField(_("log entry"))
    patient_id = models.BigIntegerField(_("patient"))

    class Meta(AppendOnly.Meta):
        verbose_name = _("patient of a log entry")
        verbose_name_plural = _("patients of log entries")
        constraints = [
            models.UniqueConstraint(fields=["patient_id", "event_id"], name="audit_subject_once"),
        ]
        indexes = [models.Index(fields=["event_id"], name="audit_subject_by_event")]

    def __str__(self):
        return f"{self.event_id}: {self.patient_id}"
