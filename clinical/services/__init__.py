from clinical.services.allergies import reassess_allergy, record_allergy, record_no_known_allergies

__all__ = ["reassess_allergy", "record_allergy", "record_no_known_allergies"]
