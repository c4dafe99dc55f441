from allauth.account.decorators import secure_admin_login
from django.conf import settings
from django.contrib import admin
from django.urls import path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _


@method_decorator(secure_admin_login, name="login")
class HospitalAdminSite(admin.AdminSite):
    """The staff site, with the hospital's login page and an index that shows the work of the user's roles."""

    site_header = settings.HOSPITAL["name"]
    site_title = settings.HOSPITAL["name"]
    index_title = _("Today")

    def index(self, request, extra_context=None):
        from hms.site.index import sections_for  # noqa: PLC0415 - the site is made before the models

        app_list = self.get_app_list(request)
        page = {"app_list": app_list, "sections": sections_for(request.user, app_list)}
        return super().index(request, page | (extra_context or {}))

    def get_urls(self):
        return [
            path("day-board/", self.admin_view(self.day_board), name="day-board"),
            *super().get_urls(),
        ]

    def day_board(self, request):
        from hms.site.board import show_board  # noqa: PLC0415 - the site is made before the models

        return show_board(self, request)
