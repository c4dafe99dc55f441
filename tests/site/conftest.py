from tests.scheduling.conftest import carer, doctor, patient, sunday_noon

__all__ = ["carer", "doctor", "patient", "sunday_noon"]
