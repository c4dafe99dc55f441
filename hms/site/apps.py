from django.apps import AppConfig
from django.contrib.admin import apps as admin


class SiteConfig(AppConfig):
    name = "hms.site"
    label = "hospital_site"
    default = True


class HospitalAdminConfig(admin.AdminConfig):
    default = False
    default_site = "hms.site.admin_site.HospitalAdminSite"
