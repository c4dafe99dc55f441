from functools import partial

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.reading.history import HistoryMixin
from hms.core.admin import ServiceAdmin
from hms.core.buttons import already, press
from hms.core.fingerprints import fingerprint_of
from hms.core.forms import StepForm
from hms.webhooks.forms import EndpointForm, RotateForm
from hms.webhooks.models import Endpoint
from hms.webhooks.services import (
    delete_endpoint,
    rotate_secret,
    save_endpoint,
    send_test,
    switch_endpoint,
)
from hms.webhooks.statuses import EndpointStatus


@admin.register(Endpoint)
class EndpointAdmin(HistoryMixin, ServiceAdmin):
    """Addresses of other systems, and how each has answered of late."""

    form = EndpointForm
    list_display = ["name", "state", "about", "host", "last_success_at", "failing_since"]
    list_filter = ["status"]
    search_fields = ["name"]
    readonly_fields = [
        *("reference", "state", "last_success_at", "failing_since", "failures", "rests_until"),
        *("old_secret_until", "created_at"),
    ]
    change_form_template = "admin/webhooks/endpoint.html"

    @admin.display(description=gettext_lazy("host"))
    def host(self, row: Endpoint) -> str:
        return row.host

    @admin.display(description=gettext_lazy("events"))
    def about(self, row: Endpoint) -> str:
        return ", ".join(row.events)

    @admin.display(description=gettext_lazy("status"), ordering="status")
    def state(self, row: Endpoint) -> str:
        return row.state

    def get_fields(self, request, obj=None):  # noqa: ARG002 - Django's signature
        typed = ["name", "url", "events"]
        return [*typed, *self.readonly_fields] if obj else typed

    def get_urls(self):
        pages = {"switch": switch, "test": test, "rotate": rotate}
        buttons = [
            path(
                f"<path:object_id>/{name}/",
                self.admin_site.admin_view(button(self, act)),
                name=f"{name}-webhook",
            )
            for name, act in pages.items()
        ]
        return [*buttons, *super().get_urls()]

    def save_with_service(self, request, obj, form):  # noqa: ARG002 - the signature of the base
        request.new_secret = save_endpoint(endpoint=obj, by=request.user)

    def response_add(self, request, obj, post_url_continue=None):  # noqa: ARG002 - Django's signature
        return show_secret(self, request, obj, request.new_secret)

    def delete_with_service(self, request, obj):
        delete_endpoint(endpoint=obj, by=request.user)

    def get_deleted_objects(self, objs, request):
        """Without the deliveries, which are many and go with their address."""
        refused = set() if self.has_delete_permission(request) else {self.opts.verbose_name}
        return [str(row) for row in objs], {}, refused, []

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        if obj is not None:
            context |= {
                "shown": fingerprint_of(obj, StepForm.relies_on),
                "shown_secret": fingerprint_of(obj, RotateForm.relies_on),
                "switch_to": next(status for status in EndpointStatus if status != obj.status),
                "EndpointStatus": EndpointStatus,
            }
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)


def button(model_admin: EndpointAdmin, act):
    """A POST that does one thing to one address."""

    def view(request, object_id):
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        row = model_admin.get_object(request, object_id)
        if row is None:
            return model_admin._get_obj_does_not_exist_redirect(request, model_admin.opts, object_id)
        if not model_admin.has_change_permission(request, row):
            raise PermissionDenied
        page = reverse("admin:webhooks_endpoint_change", args=[row.pk])
        return act(model_admin, request, row) or HttpResponseRedirect(page)

    return view


def switch(_model_admin, request, row: Endpoint) -> None:
    to = EndpointStatus.ACTIVE if request.POST.get("to") == EndpointStatus.ACTIVE else EndpointStatus.DISABLED
    form = StepForm(request.POST, row=row, to=to)

    def switched() -> Endpoint:
        return form.row if form.was_done else switch_endpoint(endpoint=row, to=to, by=request.user)

    def done(now: Endpoint) -> str:
        return already(now.state) if form.was_done else f"{now}: {now.state}"

    press(request, form, switched, about=str(row), done=done)


def test(_model_admin, request, row: Endpoint) -> None:
    form = StepForm(request.POST, row=row, to="")
    words = _("A test is on its way; the list of deliveries says what the receiver answers.")
    press(
        request,
        form,
        partial(send_test, endpoint=row, by=request.user),
        about=str(row),
        done=lambda _delivery: words,
    )


def rotate(model_admin, request, row: Endpoint) -> TemplateResponse | None:
    form = RotateForm(request.POST, row=row, to="")
    words = _("There is a new secret. The old one also signs for a day.")
    secret = press(
        request,
        form,
        partial(rotate_secret, endpoint=row, by=request.user),
        about=str(row),
        done=lambda _secret: words,
    )
    return show_secret(model_admin, request, row, secret) if secret else None


def show_secret(model_admin, request, row: Endpoint, secret: str) -> TemplateResponse:
    """The page itself answers the POST: a message or a session would keep the secret."""
    context = model_admin.admin_site.each_context(request) | {
        "title": _("Secret of %(name)s") % {"name": row},
        "opts": model_admin.opts,
        "row": row,
        "secret": secret,
    }
    return TemplateResponse(request, "admin/webhooks/secret.html", context)
