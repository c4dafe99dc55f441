"""Links from a page of the staff site to the rows that it names.

Django links every row that a page names, whether the reader may open it or not. Here a row that the reader
may not open is a name without a link.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.contrib.admin import AdminSite, helpers
from django.contrib.admin.exceptions import NotRegistered
from django.db.models import Model
from django.forms import BaseModelForm
from django.http import HttpRequest


@dataclass
class Reader:
    """Whoever reads a page, and the rows named on it that they may open: one query for each model."""

    request: HttpRequest
    forms: Iterable[BaseModelForm]
    open_keys: dict[type[Model], set] = field(default_factory=dict)

    def may_open(self, row: Model, site: AdminSite) -> bool:
        try:
            model_admin = site.get_model_admin(type(row))
        except NotRegistered:
            return False
        if not model_admin.has_view_permission(self.request, row):
            return False
        if type(row) not in self.open_keys:
            self.open_keys[type(row)] = self.keys_in_sight(type(row))
        return row.pk in self.open_keys[type(row)]

    def keys_in_sight(self, model: type[Model]) -> set:
        named = {
            getattr(form.instance, column.attname)
            for form in self.forms
            for column in form.instance._meta.concrete_fields
            if column.is_relation and issubclass(column.related_model, model)
        }
        rows = model._default_manager.all()
        if not hasattr(rows, "visible_to"):
            return named
        return set(rows.visible_to(self.request.user).filter(pk__in=named).values_list("pk", flat=True))


class PermittedLinksMixin:
    """Tells the forms of a page who reads it. Goes before `ModelAdmin` in the bases."""

    def render_change_form(self, request, context, *args, **kwargs):
        inlines = [form for inline in context["inline_admin_formsets"] for form in inline.formset.forms]
        forms = [context["adminform"].form, *inlines]
        reader = Reader(request, forms)
        for form in forms:
            form.reader = reader
        return super().render_change_form(request, context, *args, **kwargs)


class PermittedLink(helpers.AdminReadonlyField):
    def get_admin_url(self, remote_field, remote_obj):
        reader = getattr(self.form, "reader", None)
        if reader and reader.may_open(remote_obj, self.model_admin.admin_site):
            return super().get_admin_url(remote_field, remote_obj)
        return str(remote_obj)


def install() -> None:
    """Let Django's pages make their links this way."""
    helpers.AdminReadonlyField = PermittedLink
