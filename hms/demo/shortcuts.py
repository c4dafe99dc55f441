"""Phrases and order sets of the doctor with a login, and of the department that this doctor heads."""

from accounts.models import User
from clinical.models import OrderSet, Phrase, PrescriptionTemplate
from clinical.services import save_order_set, save_phrase
from clinical.services.prescription_templates import save_prescription_template
from scheduling.models import Department, Doctor
from scheduling.services.directory import save_department

PHRASES = {
    "urti": "Throat red, no exudate. Ears normal. Chest clear. No neck stiffness, no rash.",
    "nad": "Comfortable at rest. Heart sounds normal. Chest clear. Abdomen soft, not tender. No oedema.",
    "salt": "Less salt, a walk of 30 minutes a day, no tobacco. Write down the blood pressure twice a week.",
}
SHARED_PHRASES = {
    "fever": "Plenty of fluids and rest. Come back if the fever lasts more than three days, or at once with "
    "breathlessness, bleeding, drowsiness or vomiting that does not stop.",
    "tobacco": "Tobacco: asked, advised to stop, help offered.",
}
# Name: tests, medicines, advice, follow-up in days.
SETS = {
    "Hypertension review": (
        "Renal function, Lipid profile",
        "amlodipine 5 1-0-0 30d\ntelmisartan 40 0-0-1 30d",
        PHRASES["salt"],
        30,
    ),
    "Diabetes review": (
        "Diabetes review",
        "metformin 500 1-0-1 30d after food",
        "Take the tablets with food. Look at your feet every evening.",
        90,
    ),
}
SHARED_SETS = {
    "Fever, third day": (
        "Fever panel",
        "paracetamol 500 sos max 4/day 3d",
        SHARED_PHRASES["fever"],
        3,
    ),
}


def keep_shortcuts(doctor: Doctor, *, admin: User) -> None:
    """Make the doctor the head of the department, and keep what both use."""
    department = doctor.department
    department.head = doctor
    save_department(department=department, by=admin)
    _keep({"doctor": doctor}, PHRASES, SETS, doctor.user)
    _keep({"department": department}, SHARED_PHRASES, SHARED_SETS, doctor.user)


def _keep(owner: dict[str, Doctor | Department], phrases: dict, sets: dict, by: User) -> None:
    for abbreviation, text in phrases.items():
        save_phrase(phrase=Phrase(**owner, abbreviation=abbreviation, text=text), by=by)
    for name, (tests, lines, advice, days) in sets.items():
        template = PrescriptionTemplate(**owner, name=name, lines=lines)
        order_set = OrderSet(
            **owner,
            name=name,
            test_lines=tests,
            template=save_prescription_template(template=template, by=by),
            advice=advice,
            follow_up_days=days,
        )
        save_order_set(order_set=order_set, by=by)
