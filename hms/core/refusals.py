"""Refusals of the services. Forms, the staff site and the API show their text, code and field unchanged."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db.models import Model, ProtectedError, RestrictedError
from django.utils.translation import gettext_lazy as _


class Refusal(ValidationError):
    """A refusal with a fixed code and text; forms show it at `field` if they have such a field."""

    code = "refused"
    text = _("This cannot be done.")
    field: str | None = None

    def __init__(self, text=None, **params):
        super().__init__(text or self.text, code=self.code, params=params or None)


class NotAllowed(Refusal):
    code = "not_allowed"
    text = _("You may not do this.")


class KeyReused(Refusal):
    code = "key_reused"
    text = _("This form was already used for something else. Please start again.")


class InUse(Refusal):
    code = "in_use"
    text = _("%(row)s is in use and cannot be deleted: %(users)s.")

    def __init__(self, row: Model, users: Iterable[Model]):
        kinds = sorted({str(user._meta.verbose_name_plural) for user in users})
        super().__init__(row=str(row), users=", ".join(kinds))


def delete_or_refuse(row: Model) -> None:
    """Delete a row; refuses with `InUse` if other rows refer to it."""
    try:
        row.delete()
    except ProtectedError as error:
        raise InUse(row, error.protected_objects) from error
    except RestrictedError as error:
        raise InUse(row, error.restricted_objects) from error


def put_on_form(form, refusal: ValidationError) -> None:
    """Show each message at its field, or above the form if it has no such field."""
    at_fields = getattr(refusal, "error_dict", None) or {getattr(refusal, "field", None): refusal}
    for field, error in at_fields.items():
        form.add_error(field if field in form.fields else None, error)
