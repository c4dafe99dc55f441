from django.contrib import admin

from accounts.models import Language
from hms.core.changelist import HospitalModelAdmin


@admin.register(Language)
class LanguageAdmin(HospitalModelAdmin):
    list_display = ["name", "code"]
    search_fields = ["name", "=code"]
