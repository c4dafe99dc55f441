from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from audit.reading.history import HistoryMixin
from hms.core.admin import MatchingMixin, ReadOnlyAdmin, ServiceAdmin, VisibleToMixin
from hms.core.periods import PeriodFilter
from hms.notifications.forms import MessageTemplateForm
from hms.notifications.gsm import length
from hms.notifications.models import DeclinedMessage, MessageTemplate, Notification
from hms.notifications.services import delete_message_template, save_message_template
from hms.notifications.texts import TEXTS, names_of, unknown_names
from hms.notifications.wording import Wording


class KindFilter(admin.ChoicesFieldListFilter):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.title = _("subject")


class ChannelFilter(admin.ChoicesFieldListFilter):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.title = _("way of sending")


KIND, CHANNEL = ("kind", KindFilter), ("channel", ChannelFilter)


@admin.register(Notification)
class NotificationAdmin(HistoryMixin, MatchingMixin, VisibleToMixin, ReadOnlyAdmin):
    """Recipients, times and statuses of notifications; not their text, which is private to the recipient."""

    list_display = [
        *("reference", "created_at", "kind", "channel", "patient", "recipient"),
        *("status", "attempts", "sent_at"),
    ]
    list_filter = ["status", CHANNEL, KIND, PeriodFilter]
    list_select_related = ["patient"]
    list_per_page = 50
    show_full_result_count = False
    search_fields = ["reference"]  # NotificationQuerySet.matching defines the search
    search_help_text = _("E-mail address, reference, patient number or beginning of a name")
    fields = [
        *("reference", "kind", "channel", "patient", "recipient", "status", "attempts"),
        *("last_error", "created_at", "due_at", "sent_at"),
    ]


@admin.register(DeclinedMessage)
class DeclinedMessageAdmin(HistoryMixin, MatchingMixin, VisibleToMixin, ReadOnlyAdmin):
    list_display = ["patient", "kind", "channel"]
    list_filter = [KIND, CHANNEL]
    list_select_related = ["patient"]
    search_fields = ["kind"]
    search_help_text = _("Patient number or beginning of a name")
    fields = ["patient", "kind", "channel"]


@admin.register(MessageTemplate)
class MessageTemplateAdmin(HistoryMixin, ServiceAdmin):
    """The hospital's own texts; what is left empty is as the software comes with it."""

    list_display = ["kind", "language", "subject", "dlt_template_id"]
    list_filter = [KIND]
    form = MessageTemplateForm
    fields = ["kind", "language", "subject", "body", "sms", "dlt_template_id"]
    change_form_template = "admin/notifications/messagetemplate/change_form.html"

    def get_urls(self):
        preview = path("preview/", self.admin_site.admin_view(self.preview), name="preview-message")
        return [preview, *super().get_urls()]

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        names = [(kind.label, names_of(kind).items()) for kind in TEXTS]
        return super().changeform_view(request, object_id, form_url, {"names": names} | (extra_context or {}))

    def save_with_service(self, request, obj, form):  # noqa: ARG002
        save_message_template(template=obj, by=request.user)

    def delete_with_service(self, request, obj):
        delete_message_template(template=obj, by=request.user)

    def preview(self, request):
        """What a text as typed says of an example; nothing is stored."""
        return require_POST(self._preview)(request)

    def _preview(self, request):
        if not self.has_change_permission(request) and not self.has_add_permission(request):
            raise PermissionDenied
        typed = {name: request.POST.get(name, "") for name in ("kind", "language", "subject", "body", "sms")}
        row = MessageTemplate(**typed)
        page = self.admin_site.each_context(request) | {"title": _("Preview"), "opts": self.opts}
        if row.kind in TEXTS:
            words = Wording.of(row.kind, row.language, row)
            example = {name: str(example) for name, (_words, example) in names_of(row.kind).items()}
            if not settings.NOTIFICATIONS["names_speciality"]:
                example |= {"speciality": ""}
            sms = words.text_message(example)
            unknown = {
                each for text in (row.subject, row.body, row.sms) for each in unknown_names(text, row.kind)
            }
            page |= {
                "email": words.email(example),
                "sms": sms,
                "sms_length": length(sms),
                "unknown": sorted(unknown),
            }
        return TemplateResponse(request, "admin/notifications/messagetemplate/preview.html", page)
