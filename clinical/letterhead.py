"""What stands at the head of a printed document; a document stores a copy when it is issued or signed."""

from django.conf import settings

from scheduling.models import Doctor


def letterhead_of(doctor: Doctor) -> dict:
    """The hospital's and the doctor's details in full, as `documents/letterhead.html` takes them."""
    return {
        "hospital": {name: settings.HOSPITAL[name] for name in ("name", "address", "phone", "email")},
        "doctor": {
            "name": doctor.full_name,
            "qualification": doctor.degree,
            "designation": f"{doctor.get_category_display()}, {doctor.specialization}",
            "registration": doctor.registration_number,
            "council": doctor.registration_council,
        },
    }
