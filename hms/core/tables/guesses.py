"""Guess which column of a file is which of ours: by its name, and only where its cells do not deny it."""

import re
import unicodedata
from collections.abc import Iterable, Mapping

from hms.core.tables.readings import DateForm
from hms.core.tables.widgets import IsoDateWidget

IGNORED = "-"
HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
OF_WHOM = re.compile(r"^(?:patients?|pt|doctors?|dr|users?|staff)s? (?=.)")
# Names that other systems have for columns that several of our tables have.
USUAL = {
    "full_name": ("name", "patient name", "name of patient", "fullname"),
    "date_of_birth": ("dob", "birth date", "birthdate", "born", "birthday", "d o b"),
    "gender": ("sex",),
    "phone": (
        *("mobile", "mobile no", "mobile number", "phone no", "phone number", "contact", "contact no"),
        *("contact number", "telephone", "tel", "cell", "cell phone", "whatsapp"),
    ),
    "email": ("e mail", "mail", "email id", "email address", "mail id"),
    "blood_group": ("blood", "blood type", "bloodgroup", "blood grp", "bg"),
    "street": (
        *("address", "residential address", "address 1", "address line 1", "address1"),
        *("address 2", "address line 2", "address2", "locality", "area"),
    ),
    "city": ("town", "place", "village", "city town"),
    "county": ("district", "county", "taluk"),
    "state": ("province", "region"),
    "postcode": ("pin", "pincode", "pin code", "zip", "zip code", "zipcode", "postal code", "postcode"),
    "abha_number": ("abha", "abha no", "abha id", "health id", "abha number"),
    "preferred_language": ("language",),
    "emergency_contact_name": ("next of kin", "kin", "guardian", "emergency name"),
    "emergency_contact_phone": ("emergency phone", "emergency mobile", "kin phone", "emergency contact no"),
    "is_active": ("active",),
    "roles": ("role",),
}


def plain(name: str) -> str:
    """The name in small letters and single blanks: "PatientName" and "Patient_Name:" are the same."""
    text = unicodedata.normalize("NFKC", HUMP.sub(" ", name)).casefold()
    return " ".join("".join(letter if letter.isalnum() else " " for letter in text).split())


def known_names(targets: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """Our column for each name, in plain letters; the first column that claims a name has it."""
    known: dict[str, str] = {}
    for target, names in targets.items():
        for name in (target, *names, *USUAL.get(target, ())):
            known.setdefault(plain(str(name)), target)
    return known


def guessed(header: str, known: Mapping[str, str]) -> str:
    """Our column, or an empty text."""
    name = plain(header)
    return known.get(name) or known.get(OF_WHOM.sub("", name), "")


def dates_read(texts: Iterable[str]) -> dict[str, int]:
    """How many of these texts each form of dates reads."""
    widget, counts = IsoDateWidget(), dict.fromkeys(DateForm.values, 0)
    for text in texts:
        for form in counts:
            widget.form = form
            try:
                widget.clean(text)
            except ValueError:
                continue
            counts[form] += 1
    return counts
