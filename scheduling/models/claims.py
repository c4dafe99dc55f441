"""The two unique indexes that make double bookings impossible, whatever the code checks before."""

from django.db import models


class SlotClaim(models.Model):
    """One five-minute cell of one seat of a doctor's time, owned by one appointment."""

    appointment = models.ForeignKey("scheduling.Appointment", on_delete=models.CASCADE, related_name="claims")
    doctor = models.ForeignKey(
        "scheduling.Doctor", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    cell = models.PositiveIntegerField()
    seat = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["doctor", "cell", "seat"], name="scheduling_doctor_is_claimed_once_per_cell"
            ),
        ]

    def __str__(self):
        return f"{self.doctor_id}/{self.cell}/{self.seat}"


class PatientClaim(models.Model):
    """One five-minute cell of a patient's time, so that nobody is booked in two places at once."""

    appointment = models.ForeignKey(
        "scheduling.Appointment", on_delete=models.CASCADE, related_name="patient_claims"
    )
    patient = models.ForeignKey(
        "accounts.Patient", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    cell = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["patient", "cell"], name="scheduling_patient_is_claimed_once_per_cell"
            ),
        ]

    def __str__(self):
        return f"{self.patient_id}/{self.cell}"
