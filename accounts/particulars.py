"""The particulars of a patient that people can enter: by sign-up, front desk, family page or import.

Number, reference and status are not among them; any other name raises `TypeError`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from enum import Enum
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from accounts.models import Language


class Missing(Enum):
    NOT_GIVEN = "not given"


NOT_GIVEN: Any = Missing.NOT_GIVEN


@dataclass(frozen=True, kw_only=True)
class Particulars:
    """Values that are not given keep the current value or the default; None and "" count as given."""

    full_name: str = NOT_GIVEN
    date_of_birth: date = NOT_GIVEN
    gender: str = NOT_GIVEN
    blood_group: str = NOT_GIVEN
    phone: str = NOT_GIVEN
    email: str = NOT_GIVEN
    abha_number: str | None = NOT_GIVEN
    street: str = NOT_GIVEN
    city: str = NOT_GIVEN
    county: str = NOT_GIVEN
    state: str = NOT_GIVEN
    postcode: str = NOT_GIVEN
    country: str = NOT_GIVEN
    emergency_contact_name: str = NOT_GIVEN
    emergency_contact_phone: str = NOT_GIVEN
    preferred_language: "Language | None" = NOT_GIVEN
    wants_email: bool = NOT_GIVEN
    wants_sms: bool = NOT_GIVEN

    @classmethod
    def among(cls, values: Mapping[str, Any]) -> Self:
        """Pick the particulars out of `values`, for example out of a form that has other fields too."""
        return cls(**{name: values[name] for name in NAMES if name in values})

    def given(self) -> dict[str, Any]:
        values = {name: getattr(self, name) for name in NAMES}
        return {name: value for name, value in values.items() if value is not NOT_GIVEN}

    def new_row(self) -> dict[str, Any]:
        return self.given()


NAMES = tuple(field.name for field in fields(Particulars))


@dataclass(frozen=True, kw_only=True)
class KnownElsewhere(Particulars):
    """Particulars of a patient taken over from another system, with reference and registration time."""

    reference: str
    registered_at: datetime

    def new_row(self) -> dict[str, Any]:
        return {**self.given(), "reference": self.reference, "registered_at": self.registered_at}
