from django.apps import AppConfig
from django.contrib.admin import apps as admin


class SiteConfig(AppConfig):
    name = "hms.site"
    label = "hospital_site"
    default = True

    def ready(self):
        from hms.core.migrated import when_migrated
        from hms.site.grants import grant_roles

        when_migrated(grant_roles)


class HospitalAdminConfig(admin.AdminConfig):
    default = False
    default_site = "hms.site.admin_site.HospitalAdminSite"
