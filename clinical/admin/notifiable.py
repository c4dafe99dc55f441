from django.contrib import admin

from audit.reading.history import HistoryMixin
from clinical.models import NotifiableDisease
from clinical.services.notifiable import save_notifiable_disease
from hms.core.admin import NoDeleteMixin, ServiceAdmin


@admin.register(NotifiableDisease)
class NotifiableDiseaseAdmin(HistoryMixin, NoDeleteMixin, ServiceAdmin):
    """The list of the State in which the hospital is; what is no longer demanded is made inactive."""

    list_display = ["name", "codes", "source", "is_active"]
    list_filter = ["is_active"]
    fields = ["name", "codes", "source", "is_active"]
    search_fields = ["name", "codes"]

    def save_with_service(self, request, obj, form):  # noqa: ARG002
        save_notifiable_disease(disease=obj, by=request.user)
