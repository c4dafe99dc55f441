from django.contrib import admin

from accounts.models import Language
from audit.reading.history import HistoryMixin


@admin.register(Language)
class LanguageAdmin(HistoryMixin, admin.ModelAdmin):
    list_display = ["name", "code"]
    search_fields = ["name", "=code"]
