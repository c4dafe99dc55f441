"""What waits for a second person: asked for, approved, declined, withdrawn."""

from functools import partial

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from accounts.admin.own_anomalies import ask_about_anomaly
from accounts.approvals import kinds
from accounts.forms.approvals import DecisionForm, NoteForm
from accounts.models import ApprovalRequest
from accounts.services import approve_request, decline_request, withdraw_request
from accounts.statuses import ApprovalStatus
from audit.reading.history import HistoryMixin
from hms.core.admin import ReadOnlyAdmin, VisibleToMixin
from hms.core.refusals import put_on_form


class OpenFilter(admin.SimpleListFilter):
    """Shows what waits by default."""

    title, parameter_name = _("status"), "status"

    def lookups(self, _request, _model_admin):
        return [("all", _("All")), *ApprovalStatus.choices]

    def choices(self, changelist):
        chosen = self.value() or ApprovalStatus.OPEN
        for value, label in self.lookup_choices:
            link = changelist.get_query_string({self.parameter_name: value})
            yield {"selected": chosen == value, "query_string": link, "display": label}

    def queryset(self, _request, queryset):
        chosen = self.value() or ApprovalStatus.OPEN
        return queryset if chosen == "all" else queryset.filter(status=chosen)


@admin.register(ApprovalRequest)
class ApprovalRequestAdmin(HistoryMixin, VisibleToMixin, ReadOnlyAdmin):
    list_display = ["asked_at", "what", "summary", "asked_by", "status", "expires_at"]
    list_display_links = ["asked_at", "what"]
    list_select_related = ["asked_by"]
    list_filter = [OpenFilter]
    list_per_page = 50
    show_full_result_count = False
    fields = [
        *("reference", "what", "summary", "about", "asked_by", "asked_at", "expires_at"),
        *("status", "decided_by", "decided_at", "note"),
    ]
    change_form_template = "admin/accounts/approvalrequest/change_form.html"

    @admin.display(description=_("kind"), ordering="kind")
    def what(self, row):
        return row.kind_label

    @admin.display(description=_("about"))
    def about(self, row):
        page = reverse(f"admin:{kinds[row.kind].about.replace('.', '_')}_change", args=[row.about_pk])
        return format_html('<a href="{}">{}</a>', page, _("Open the record"))

    def get_urls(self):
        decide = self.admin_site.admin_view(partial(decide_view, self))
        about_oneself = self.admin_site.admin_view(partial(ask_about_anomaly, self))
        return [
            path("anomaly/<int:pk>/", about_oneself, name="ask-about-anomaly"),
            path("<path:object_id>/decide/", decide, name="decide-approval"),
            *super().get_urls(),
        ]

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        context["is_own"] = obj.asked_by_id == request.user.pk
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)


def decide_view(model_admin, request, object_id):
    """Approve or decline what another person asked for, or withdraw what one has asked for oneself."""
    row = model_admin.get_object(request, object_id)
    if row is None:
        return model_admin._get_obj_does_not_exist_redirect(request, model_admin.opts, object_id)
    is_own = row.asked_by_id == request.user.pk
    form = (NoteForm if is_own else DecisionForm)(request.POST or None, row=row)
    if request.method == "POST" and form.is_valid() and _decided(model_admin, request, row, form):
        return redirect("admin:accounts_approvalrequest_changelist")
    title = _("Withdraw the request") if is_own else _("Decide")
    page = model_admin.admin_site.each_context(request) | {
        "title": title,
        "opts": model_admin.opts,
        "row": form.row,
        "form": form,
        "is_own": is_own,
    }
    template = "admin/accounts/approvalrequest/decide.html"
    return TemplateResponse(request, template, page, status=form.status)


def _decided(model_admin, request, row: ApprovalRequest, form: NoteForm) -> bool:
    note, decision = form.cleaned_data["note"], form.cleaned_data.get("decision")
    if decision is None:
        step = partial(withdraw_request, request=row, by=request.user)
    else:
        service = approve_request if decision == ApprovalStatus.APPROVED else decline_request
        step = partial(service, request=row, note=note, by=request.user)
    try:
        done = form.save_unless_changed(step)
    except ValidationError as refusal:
        put_on_form(form, refusal)
        return False
    said = f"{done.summary} {done.get_status_display()}."
    model_admin.message_user(request, said, messages.SUCCESS)
    return True
