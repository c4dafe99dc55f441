from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from audit.reading.history import HistoryMixin
from clinical.admin.resources import MedicineResource
from clinical.models import Ingredient, Medicine, MedicineIngredient
from clinical.services.medicines import save_ingredient, save_medicine, save_medicine_ingredient
from hms.core.admin import MatchingMixin, NoDeleteMixin, ServiceAdmin, ServiceInline
from hms.core.tables.admin import TablesMixin


@admin.register(Ingredient)
class IngredientAdmin(HistoryMixin, NoDeleteMixin, ServiceAdmin):
    list_display = ["name"]
    search_fields = ["name"]

    def save_with_service(self, request, obj, form):  # noqa: ARG002
        save_ingredient(ingredient=obj, by=request.user)


class MedicineIngredientInline(NoDeleteMixin, ServiceInline):
    model = MedicineIngredient
    extra = 1
    can_delete = False
    autocomplete_fields = ["ingredient"]
    exclude = ["position"]

    def has_view_permission(self, request, obj=None):  # noqa: ARG002 - part of the medicine
        return request.user.has_perm("clinical.view_medicine")

    def has_add_permission(self, request, obj=None):  # noqa: ARG002
        return request.user.has_perm("clinical.change_medicine")

    def has_change_permission(self, request, obj=None):  # noqa: ARG002
        return request.user.has_perm("clinical.change_medicine")

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("ingredient")


@admin.register(Medicine)
class MedicineAdmin(HistoryMixin, TablesMixin, NoDeleteMixin, MatchingMixin, ServiceAdmin):
    """The formulary; prescriptions keep what was printed, so changes concern later ones."""

    resource_classes = [MedicineResource]
    inlines = [MedicineIngredientInline]
    list_display = ["name", "form", "strength", "classes", "schedule", "telemedicine", "is_active"]
    list_filter = ["schedule", "telemedicine", "form", "is_active"]
    list_per_page = 50
    search_fields = ["name"]  # shows the search box; MedicineQuerySet.matching searches
    search_help_text = _("Generic name, brand or strength")

    def save_with_service(self, request, obj, form):  # noqa: ARG002
        save_medicine(medicine=obj, by=request.user)

    def save_row_with_service(self, request, row):
        save_medicine_ingredient(content=row, by=request.user)
