from accounts.models.address import PostalAddress
from accounts.models.counter import Counter
from accounts.models.guardianship import Guardianship
from accounts.models.language import Language
from accounts.models.patient import Patient
from accounts.models.user import User

__all__ = ["Counter", "Guardianship", "Language", "Patient", "PostalAddress", "User"]
