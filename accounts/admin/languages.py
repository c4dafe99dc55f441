from django.contrib import admin

from accounts.models import Language
from audit.reading.history import HistoryMixin
from hms.core.changelist import HospitalModelAdmin


@admin.register(Language)
class LanguageAdmin(HistoryMixin, HospitalModelAdmin):
    list_display = ["name", "code"]
    search_fields = ["name", "=code"]
