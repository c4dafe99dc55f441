import time
from functools import partial, update_wrapper

from allauth.account.decorators import secure_admin_login
from django.conf import settings
from django.contrib import admin
from django.shortcuts import redirect
from django.urls import path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _

from hms.site.login_ended import keeps_what_is_typed

# Django's change of password has no limit, no mail and rules of its own; its page that redirects to any row
# tells by counting which references exist.
LEFT_OUT = {"password_change", "password_change_done", "view_on_site"}


def change_password(_site, _request):
    return redirect("account_change_password")


@method_decorator(secure_admin_login, name="login")
class HospitalAdminSite(admin.AdminSite):
    """The staff site, with the hospital's login page and an index that shows the work of the user's roles."""

    site_header = settings.HOSPITAL["name"]
    site_title = settings.HOSPITAL["name"]
    index_title = _("Today")

    def index(self, request, extra_context=None):
        from hms.site.index import sections_for  # noqa: PLC0415 - the site is made before the models

        app_list = self.get_app_list(request)
        page = {"app_list": app_list, "sections": sections_for(request, app_list)}
        return super().index(request, page | (extra_context or {}))

    def get_urls(self):
        from clinical.admin.pages import PAGES  # noqa: PLC0415 - the site is made before the models
        from hms.reports.admin.pages import PAGES as REPORTS  # noqa: PLC0415
        from hms.site.board import show_board  # noqa: PLC0415

        pages = (
            ("day-board/", show_board, "day-board"),
            ("password_change/", change_password, "password_change"),
            *PAGES,
            *REPORTS,
        )
        djangos = [url for url in super().get_urls() if getattr(url, "name", None) not in LEFT_OUT]
        return [*(self.own_page(*page) for page in pages), *djangos]

    def each_context(self, request):
        """Also the emergency accesses of this session that have not ended, for the banner on every page."""
        now = time.time()
        lasting = request.session.get("emergency_accesses", []) if hasattr(request, "session") else []
        return super().each_context(request) | {"emergencies": [mrn for mrn, until in lasting if until > now]}

    def admin_view(self, view, cacheable=False):
        return keeps_what_is_typed(self, super().admin_view(view, cacheable))

    def own_page(self, route: str, view, name: str):
        bound = update_wrapper(partial(view, self), view)
        return path(route, self.admin_view(bound), name=name)
