"""What stands at the head of a printed document; a document stores a copy when it is issued or signed."""

from dataclasses import dataclass
from datetime import date

import segno
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext

from accounts.ages import age_in_words
from accounts.models import Patient
from accounts.models.patient import Gender
from clinical.document_codes import spaced
from clinical.models import DocumentCode
from scheduling.models import Doctor


def letterhead_of(doctor: Doctor) -> dict:
    """The hospital's and the doctor's details in full, as `documents/letterhead.html` takes them."""
    return {
        "hospital": hospital_details(),
        "doctor": {
            "name": doctor.full_name,
            "qualification": doctor.degree,
            "designation": f"{doctor.get_category_display()}, {doctor.specialization}",
            "registration": doctor.registration_number,
            "council": doctor.registration_council,
        },
    }


def hospital_details() -> dict:
    return {name: settings.HOSPITAL[name] for name in ("name", "address", "phone", "email")}


def block_of(patient: Patient, on: date) -> dict:
    """The patient as a document names them, with the age on that day."""
    return {
        "name": patient.full_name,
        "mrn": patient.mrn,
        "age": age_in_words(patient.date_of_birth, on),
        "sex": gettext("Not stated") if patient.gender == Gender.UNKNOWN else patient.get_gender_display(),
        "address": patient.address_lines,
    }


@dataclass(frozen=True)
class Check:
    """Where the holder of a document can check it: the address, and the same as a QR code."""

    address: str
    qr: str


def check_of(request, code: DocumentCode | None) -> Check | None:
    """None for a document of the time before the codes."""
    if code is None:
        return None
    address = request.build_absolute_uri(reverse("clinical:verify", args=[spaced(code.code)]))
    return Check(address, segno.make(address, error="m", micro=False).svg_data_uri(scale=5, border=4))
