from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("People and access")

    def ready(self):
        from accounts import checks, idle  # noqa: F401 - idle listens to logins
        from accounts.anomalies import add_rules
        from accounts.approvals import add_kind
        from accounts.jobs import add_jobs
        from accounts.services.anomalies import CloseAnomaly
        from accounts.services.guardianships import end_care_at_18
        from accounts.services.logins import GiveRole
        from accounts.services.own_records import mark_own_records
        from hms.core.migrated import when_migrated

        checks.require_known_roles()
        add_rules()
        add_kind(GiveRole())
        add_kind(CloseAnomaly())
        add_jobs()
        when_migrated(end_care_at_18)
        when_migrated(mark_own_records)
