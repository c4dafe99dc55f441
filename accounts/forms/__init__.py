from accounts.forms.dates import DatePartsField, DatePartsWidget
from accounts.forms.family import DependantForm
from accounts.forms.particulars import ParticularsForm, ProfileForm
from accounts.forms.signup import SignUpForm

__all__ = [
    "DatePartsField",
    "DatePartsWidget",
    "DependantForm",
    "ParticularsForm",
    "ProfileForm",
    "SignUpForm",
]
