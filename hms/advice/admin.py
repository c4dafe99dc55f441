from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from audit.reading.history import HistoryMixin
from hms.advice.models import Article
from hms.advice.services import add_shipped_articles, articles_not_in_list, delete_article, save_article
from hms.core.admin import ServiceAdmin
from hms.core.shipped import ShippedMixin


@admin.register(Article)
class ArticleAdmin(ShippedMixin, HistoryMixin, ServiceAdmin):
    list_display = ["title", "kind", "position", "source", "is_published"]
    list_filter = ["kind", "is_published"]
    ordering = ["kind", "position", "title"]
    search_fields = ["title", "words"]
    prepopulated_fields = {"slug": ["title"]}
    fieldsets = [
        (None, {"fields": ["kind", "title", "slug", "text", ("position", "is_published")]}),
        (_("Source"), {"fields": ["source", "source_url"]}),
        (_("Search"), {"fields": ["words"]}),
    ]

    def get_view_on_site_url(self, obj=None):
        """A draft has no page."""
        return super().get_view_on_site_url(obj) if obj and obj.is_published else None

    def shipped(self):
        return articles_not_in_list()

    def add_shipped(self, names, request):
        return add_shipped_articles(titles=names, by=request.user)

    def save_with_service(self, request, obj, form):  # noqa: ARG002
        save_article(article=obj, by=request.user)

    def delete_with_service(self, request, obj):
        delete_article(article=obj, by=request.user)
