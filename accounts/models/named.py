from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.names import NAME_LENGTH, family_key, name_key
from hms.core.typed_text import require_letter

NAME_KEYS = ("name_key", "family_key")  # derived from the name, for the search


class Named(models.Model):
    """The name of a person, with two indexed columns for the search."""

    full_name = models.CharField(
        _("full name"), max_length=NAME_LENGTH, db_index=True, validators=[require_letter]
    )
    name_key = models.CharField(max_length=NAME_LENGTH, db_index=True, editable=False, default="")
    family_key = models.CharField(max_length=NAME_LENGTH, db_index=True, editable=False, default="")

    class Meta:
        abstract = True

    def save(self, *args, update_fields=None, **kwargs):
        self.set_keys()
        if update_fields is not None and "full_name" in update_fields:
            update_fields = {*update_fields, *NAME_KEYS}
        super().save(*args, update_fields=update_fields, **kwargs)

    def set_keys(self) -> None:
        self.name_key = name_key(self.full_name)
        self.family_key = family_key(self.full_name)
