from accounts.models.address import PostalAddress
from accounts.models.approval import ApprovalRequest
from accounts.models.counter import Counter
from accounts.models.duplicate_pair import DuplicatePair
from accounts.models.guardianship import CONSENT, Guardianship, Relation, Scope
from accounts.models.language import Language
from accounts.models.owned import PatientOwned, PatientRecord
from accounts.models.patient import BloodGroup, Gender, Patient
from accounts.models.user import User

__all__ = [
    "CONSENT",
    "ApprovalRequest",
    "BloodGroup",
    "Counter",
    "DuplicatePair",
    "Gender",
    "Guardianship",
    "Language",
    "Patient",
    "PatientOwned",
    "PatientRecord",
    "PostalAddress",
    "Relation",
    "Scope",
    "User",
]
