"""An auditor about whom an anomaly is says what it was; another auditor closes it with that outcome."""

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.approvals import ApprovalKind
from accounts.exceptions import NotAboutYou
from audit.anomalies.registry import label_of
from audit.anomalies.review import close_anomaly
from audit.exceptions import NoteMissing, StillGoingOn
from audit.models import Anomaly
from audit.statuses import OUTCOMES, AnomalyStatus
from hms.core.states import require_step


class CloseAnomaly(ApprovalKind):
    name, label = "close_anomaly", gettext_lazy("Close an anomaly about oneself")
    about, permission = "audit.anomaly", "audit.review_anomaly"

    def check(self, about_pk, values, *, by):
        anomaly, outcome = Anomaly.objects.get(pk=about_pk), AnomalyStatus(values["outcome"])
        if anomaly.actor_id != by.pk or outcome not in OUTCOMES:
            raise NotAboutYou
        if anomaly.ends_at > timezone.now():
            raise StillGoingOn
        require_step(anomaly.status, outcome)
        if not values["note"].strip():
            raise NoteMissing
        when = date_format(timezone.localtime(anomaly.begins_at), "j M Y, g:i A")
        text = _("Close “%(rule)s” of %(when)s as “%(outcome)s”: %(note)s")
        return text % {
            "rule": label_of(anomaly.rule), "when": when, "outcome": outcome.label, "note": values["note"],
        }  # fmt: skip

    def carry_out(self, about_pk, values, *, reference, asked_by, by):  # noqa: ARG002
        anomaly = Anomaly.objects.get(pk=about_pk)
        close_anomaly(anomaly=anomaly, outcome=values["outcome"], note=values["note"], by=by)
