from functools import partial

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext

from audit.reading.history import HistoryMixin
from hms.core.admin import ReadOnlyAdmin
from hms.core.buttons import press
from scheduling.admin.directory import DirectoryAdmin
from scheduling.forms.no_show import ActivateModelForm
from scheduling.models import NoShowModel, OverbookingRule
from scheduling.no_show.measures import Report
from scheduling.services.directory import save_overbooking_rule
from scheduling.services.no_show import activate_no_show_model, report_on_latest


@admin.register(NoShowModel)
class NoShowModelAdmin(HistoryMixin, ReadOnlyAdmin):
    """The models with their reports; the button activates one."""

    list_display = ["name", "data_until", "visits", "activated_at", "activated_by"]
    list_select_related = ["activated_by"]
    fields = ["name", "data_until", "visits", "created_at", "activated_at", "activated_by"]
    readonly_fields = fields
    change_form_template = "admin/scheduling/no_show_model.html"

    def get_urls(self):
        view = self.admin_site.admin_view(self.activate)
        own = [path("<path:object_id>/activate/", view, name="scheduling_noshowmodel_activate")]
        return own + super().get_urls()

    def render_change_form(self, request, context, obj=None, **kwargs):
        may_activate = request.user.has_perm("scheduling.change_noshowmodel") and not obj.is_active
        context |= {
            "coefficients": obj.coefficients.items(),
            "tried": obj.report and Report.from_data(obj.report),
            "latest": report_on_latest(obj, by=request.user),
            "activate": ActivateModelForm(row=obj) if may_activate else None,
        }
        return super().render_change_form(request, context, obj=obj, **kwargs)

    def activate(self, request, object_id: str):
        """POST: use this model from now on."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not request.user.has_perm("scheduling.change_noshowmodel"):
            raise PermissionDenied
        model = self.get_object(request, object_id)
        if model is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        service = partial(activate_no_show_model, model=model, by=request.user)
        form = ActivateModelForm(request.POST, row=model)
        press(request, form, service, about=model.name, done=_now_used)
        return HttpResponseRedirect(reverse("admin:scheduling_noshowmodel_change", args=[model.pk]))


@admin.register(OverbookingRule)
class OverbookingRuleAdmin(DirectoryAdmin):
    list_display = ["doctor", "extra_places", "most_risk_percent"]
    list_select_related = ["doctor"]
    fields = ["doctor", "extra_places", "most_risk_percent"]
    autocomplete_fields = ["doctor"]
    search_fields = ["doctor__full_name"]

    def save_with_service(self, request, obj, form):  # noqa: ARG002
        save_overbooking_rule(rule=obj, by=request.user)


def _now_used(model: NoShowModel) -> str:
    return gettext("%(model)s is used from now on.") % {"model": model}
