from tests.scheduling.conftest import carer, doctor, patient, sunday_noon, wednesday_morning

__all__ = ["carer", "doctor", "patient", "sunday_noon", "wednesday_morning"]
