"""Rows that come with the software: what of them a hospital's own list does not have, and a page to add it.

A later version may bring more than the first one did. Nothing of the hospital's is overwritten.
"""

from collections.abc import Collection
from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext


@dataclass(frozen=True)
class Shipped:
    """A row that is missing, or words that are missing in one with the same name."""

    name: str
    kind: str
    words: tuple[str, ...] = ()


class ShippedMixin:
    """The page of an admin whose rows come with the software."""

    change_list_template = "admin/list_with_shipped.html"

    def shipped(self) -> list[Shipped]:
        raise NotImplementedError

    def add_shipped(self, names: Collection[str], request) -> int:
        """Call a service; returns how many have been added."""
        raise NotImplementedError

    def get_urls(self):
        view = self.admin_site.admin_view(self.shipped_view)
        return [path("shipped/", view, name=self._name("shipped")), *super().get_urls()]

    def _name(self, page: str) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_{page}"

    def may_add_shipped(self, request) -> bool:
        return self.has_add_permission(request) and self.has_change_permission(request)

    def changelist_view(self, request, extra_context=None):
        if self.may_add_shipped(request) and (missing := len(self.shipped())):
            address = reverse(f"admin:{self._name('shipped')}")
            extra_context = {"missing": missing, "to_missing": address} | (extra_context or {})
        return super().changelist_view(request, extra_context)

    def shipped_view(self, request):
        if not self.may_add_shipped(request):
            raise PermissionDenied
        if request.method == "POST":
            self._add(request, request.POST.getlist("chosen"))
            return HttpResponseRedirect(request.path)
        page = self.admin_site.each_context(request) | {
            "title": _("What comes with the software and is not in your list"),
            "opts": self.opts,
            "shipped": self.shipped(),
            "to_list": reverse(f"admin:{self._name('changelist')}"),
        }
        return TemplateResponse(request, "admin/shipped.html", page)

    def _add(self, request, names: list[str]) -> None:
        try:
            added = self.add_shipped(names, request)
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
            return
        said = ngettext("%d entry has been added.", "%d entries have been added.", added) % added
        messages.success(request, said)
