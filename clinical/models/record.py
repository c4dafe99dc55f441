from django.db.models import Q

from accounts.models import PatientRecord, Scope
from accounts.models.owned import NOBODY
from scheduling.access import visits_with


class ClinicalRecord(PatientRecord):
    """What was found or done by those who treat the patient; corrected, never deleted.

    Nobody sees everybody's: doctors and nurses see their patients', and carers what they may see of records.
    """

    view_every_permission = None
    guardian_scopes = (Scope.SEE_RECORDS,)

    class Meta(PatientRecord.Meta):
        abstract = True

    @classmethod
    def staff_grounds(cls, user) -> Q:
        """Rows of patients with a real appointment with the doctor, or with a doctor of the nurse."""
        if not user.has_perm(f"{cls._meta.app_label}.view_{cls._meta.model_name}"):
            return NOBODY
        return Q(patient_id__in=visits_with(user).values("patient_id"))
