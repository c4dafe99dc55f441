from functools import partial

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext_lazy as _

from billing.admin.lists import BillingAdmin
from billing.forms import SeenForm
from billing.models import GatewayEvent
from billing.services import mark_seen
from billing.statuses import AMOUNT_DIFFERS
from hms.core.periods import by_time
from hms.core.refusals import put_on_form


@admin.register(GatewayEvent)
class GatewayEventAdmin(BillingAdmin):
    list_display = ["received_at", "gateway", "kind", "payment", "outcome", "event_id", "seen_at"]
    list_filter = [
        "gateway",
        "kind",
        "outcome",
        ("seen_at", admin.EmptyFieldListFilter),
        by_time("received_at"),
    ]
    list_select_related = ["payment"]
    search_fields = ["event_id"]
    to_reference = ("event_id", "payment__reference")
    fields = [
        *("gateway", "event_id", "kind", "payment", "outcome", "payload", "received_at"),
        *("seen_by", "seen_at", "seen_note"),
    ]
    change_form_template = "billing/admin/message.html"

    def get_urls(self):
        seen = self.admin_site.admin_view(partial(seen_view, self))
        return [path("<path:object_id>/seen/", seen, name="mark-seen"), *super().get_urls()]

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        may_mark = request.user.has_perm("billing.refund_payment")
        context["may_mark"] = may_mark and obj.outcome == AMOUNT_DIFFERS
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)


def seen_view(model_admin, request, object_id):
    """Note what was done about money that was not what had been asked for."""
    event = model_admin.get_object(request, object_id)
    if event is None:
        return model_admin._get_obj_does_not_exist_redirect(request, model_admin.opts, object_id)
    if not request.user.has_perm("billing.refund_payment"):
        raise PermissionDenied
    form = SeenForm(request.POST or None, row=event)
    if form.is_valid() and _marked(request, event, form):
        model_admin.message_user(request, _("Marked as seen."), messages.SUCCESS)
        return redirect("admin:billing_gatewayevent_change", event.pk)
    page = model_admin.admin_site.each_context(request) | {
        "title": _("Mark as seen"),
        "opts": model_admin.opts,
        "event": form.row,
        "form": form,
    }
    return TemplateResponse(request, "billing/admin/mark_seen.html", page, status=form.status)


def _marked(request, event: GatewayEvent, form: SeenForm) -> bool:
    note = form.cleaned_data["note"]
    try:
        form.save_unless_changed(lambda: mark_seen(event=event, note=note, by=request.user))
    except ValidationError as refusal:
        put_on_form(form, refusal)
        return False
    return True
