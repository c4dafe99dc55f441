"""The departments in the order in which a growing hospital opens them."""

from hms.demo.data.medical import (
    CARDIOLOGY,
    DERMATOLOGY,
    ENDOCRINOLOGY,
    GENERAL_MEDICINE,
    NEUROLOGY,
    PAEDIATRICS,
    PSYCHIATRY,
)
from hms.demo.data.speciality import Speciality
from hms.demo.data.surgical import ENT, OBSTETRICS, OPHTHALMOLOGY, ORTHOPAEDICS, SURGERY

SPECIALITIES = (
    *(GENERAL_MEDICINE, PAEDIATRICS, CARDIOLOGY, OBSTETRICS, ORTHOPAEDICS, DERMATOLOGY),
    *(SURGERY, ENT, OPHTHALMOLOGY, NEUROLOGY, ENDOCRINOLOGY, PSYCHIATRY),
)
# Where the next doctor goes once every department has one.
BUSIEST = (
    *(GENERAL_MEDICINE, PAEDIATRICS, OBSTETRICS, ORTHOPAEDICS, GENERAL_MEDICINE, CARDIOLOGY),
    *(DERMATOLOGY, PAEDIATRICS, ENT, OPHTHALMOLOGY, SURGERY, ENDOCRINOLOGY),
)
BY_SLUG = {speciality.slug: speciality for speciality in SPECIALITIES}


def speciality_of(position: int) -> Speciality:
    """Where the doctor at this position of the list works: first each department, then the busiest."""
    if position < len(SPECIALITIES):
        return SPECIALITIES[position]
    return BUSIEST[(position - len(SPECIALITIES)) % len(BUSIEST)]
