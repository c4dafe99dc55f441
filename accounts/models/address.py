from django.db import models
from django.utils.translation import gettext_lazy as _


class PostalAddress(models.Model):
    """The address columns of a person or place."""

    street = models.CharField(_("street"), max_length=200, blank=True)
    city = models.CharField(_("city"), max_length=80, blank=True)
    county = models.CharField(_("district or county"), max_length=80, blank=True)
    state = models.CharField(_("state"), max_length=80, blank=True)
    country = models.CharField(_("country"), max_length=60, blank=True, default="India")
    postcode = models.CharField(_("PIN or postcode"), max_length=12, blank=True)

    class Meta:
        abstract = True

    @property
    def address_lines(self) -> list[str]:
        town = " ".join(part for part in (self.city, self.postcode) if part)
        return [line for line in (self.street, town, self.county, self.state, self.country) if line]
