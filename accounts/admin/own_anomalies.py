"""An auditor explains an anomaly about themself; another auditor closes it."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.admin.asking import say_it_waits
from accounts.forms.approvals import OutcomeForm
from accounts.services import ask_approval
from accounts.services.anomalies import CloseAnomaly
from audit.anomalies.registry import label_of
from audit.models import Anomaly
from hms.core.refusals import put_on_form


def ask_about_anomaly(model_admin, request, pk: int):
    if not request.user.has_perm(CloseAnomaly.permission):
        raise PermissionDenied
    anomaly = Anomaly.objects.filter(pk=pk, actor=request.user).first()
    if anomaly is None:
        raise Http404
    form = OutcomeForm(request.POST or None, row=anomaly)
    if request.method == "POST" and form.is_valid() and (row := _asked(request, anomaly, form)):
        say_it_waits(model_admin, request, row)
        return HttpResponseRedirect(reverse("admin:audit_anomaly_change", args=[anomaly.pk]))
    page = model_admin.admin_site.each_context(request) | {
        "title": _("Ask another auditor to close it"),
        "opts": model_admin.opts,
        "anomaly": form.row,
        "what": label_of(anomaly.rule),
        "form": form,
    }
    template = "admin/accounts/approvalrequest/ask_about_anomaly.html"
    return TemplateResponse(request, template, page, status=form.status)


def _asked(request, anomaly: Anomaly, form: OutcomeForm):
    def ask():
        return ask_approval(
            kind=CloseAnomaly.name, about_pk=anomaly.pk, values=dict(form.cleaned_data), by=request.user
        )

    try:
        return form.save_unless_changed(ask)
    except ValidationError as refusal:
        put_on_form(form, refusal)
        return None
