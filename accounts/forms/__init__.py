from accounts.forms.family import DependantForm
from accounts.forms.particulars import ParticularsForm, ProfileForm
from accounts.forms.signup import SignUpForm
from hms.core.date_parts import DatePartsField, DatePartsWidget

__all__ = [
    "DatePartsField",
    "DatePartsWidget",
    "DependantForm",
    "ParticularsForm",
    "ProfileForm",
    "SignUpForm",
]
