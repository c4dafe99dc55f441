from django.conf import settings
from django.contrib import admin


class HospitalAdminSite(admin.AdminSite):
    """The staff's site."""

    site_header = settings.HOSPITAL["name"]
    site_title = settings.HOSPITAL["name"]
