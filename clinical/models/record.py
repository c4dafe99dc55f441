from django.db.models import Q

from accounts.models import PatientRecord, Scope
from accounts.models.owned import NOBODY
from scheduling.access import visits_with


class ClinicalRecord(PatientRecord):
    """A finding or an act of a doctor or nurse who treats the patient; corrected, never deleted.

    No permission shows all rows: doctors and nurses see those of their patients, carers need a scope.
    """

    view_every_permission = None
    guardian_scopes = (Scope.SEE_RECORDS,)

    class Meta(PatientRecord.Meta):
        abstract = True

    @classmethod
    def staff_grounds(cls, user) -> Q:
        """Rows of patients with an appointment with the doctor, or with a doctor whom the nurse assists."""
        if not user.has_perm(f"{cls._meta.app_label}.view_{cls._meta.model_name}"):
            return NOBODY
        return Q(patient_id__in=visits_with(user).values("patient_id"))
