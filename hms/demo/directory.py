"""Branches, departments and nurses, and the languages that people here speak."""

from collections.abc import Iterable

from accounts.models import Language, User
from billing.gstin import check_character
from billing.models import BillingProfile, TaxPolicy
from billing.services.tariff import save_billing_profile
from hms.demo.chance import Chance
from hms.demo.data.names import LANGUAGES
from hms.demo.data.places import address, mobile
from hms.demo.data.speciality import Speciality
from hms.demo.logins import Team, has_real_users
from hms.demo.persons import FEMALE, new_home, new_person
from scheduling.models import Branch, Department, Doctor, Nurse
from scheduling.services.directory import save_branch, save_department, save_nurse

BRANCHES = (
    {
        "code": "residency-rd",
        "name": "Residency Road",
        "street": "14 Residency Road",
        "postcode": "560025",
        "phone": "+918040001200",
        "opening_hours": "Emergency: day and night\nFront desk: every day 7 AM to 9 PM",
        "directions": "Metro: M G Road station, ten minutes on foot.\nParking in the basement.",
        "map_url": "https://www.openstreetmap.org/?mlat=12.9674&mlon=77.6030#map=17/12.9674/77.6030",
    },
    {
        "code": "jayanagar",
        "name": "Jayanagar",
        "street": "212, 11th Main Road, Jayanagar 4th Block",
        "postcode": "560041",
        "phone": "+918040001300",
        "opening_hours": "Monday to Saturday 8 AM to 7 PM",
        "directions": "Metro: Jayanagar station, ten minutes on foot.\nParking behind the building.",
        "map_url": "https://www.openstreetmap.org/?mlat=12.9289&mlon=77.5833#map=17/12.9289/77.5833",
    },
)
DOCTORS_PER_NURSE = 4
NURSES_DEGREES = {"GNM": 5, "B.Sc. Nursing": 4, "M.Sc. Nursing": 1}
GSTIN = "29AAATS0000D1Z"  # Karnataka, a trust's PAN that nobody has; the check character follows


def add_languages() -> dict[str, Language]:
    """The languages by code; one that is there already is used as it is."""
    return {
        code: Language.objects.get_or_create(code=code, defaults={"name": name})[0]
        for code, name in LANGUAGES.items()
    }


def set_up_billing(tax_policy: str | None, by: User) -> None:
    """Give an empty hospital the tax policy, and a tax number, without which it must not collect tax."""
    profile = BillingProfile.objects.in_force()
    if has_real_users() or profile is None:
        return
    if profile.gst_registered and not profile.gstin:
        profile.gstin = GSTIN + check_character(GSTIN)
        profile.state_code = GSTIN[:2]
    if tax_policy:
        profile.policy = TaxPolicy.objects.get(code=tax_policy)
    save_billing_profile(profile=profile, by=by)


def open_branches(by: User) -> list[Branch]:
    town = {"city": "Bengaluru", "county": "Bengaluru Urban", "state": "Karnataka", "country": "India"}
    return [save_branch(branch=Branch(**town, **branch), by=by) for branch in BRANCHES]


def open_departments(specialities: Iterable[Speciality], by: User) -> dict[str, Department]:
    """The departments by slug; one that is there already is used as it is."""
    slugs = {speciality.slug: speciality for speciality in specialities}
    found = Department.objects.in_bulk(slugs, field_name="slug")
    for slug, speciality in slugs.items():
        if slug not in found:
            found[slug] = save_department(department=_department(speciality), by=by)
    return {slug: found[slug] for slug in slugs}


def _department(speciality: Speciality) -> Department:
    return Department(
        slug=speciality.slug,
        name=speciality.name,
        description=speciality.description,
        opens_at=speciality.opens_at,
        closes_at=speciality.closes_at,
    )


def hire_nurses(doctors: list[Doctor], team: Team, chance: Chance, today) -> list[Nurse]:
    """One nurse for a few doctors of the list; the one with a login works with the doctor with one."""
    nurses = []
    for first in range(0, len(doctors), DOCTORS_PER_NURSE):
        own = first == 0
        person = new_person(chance, new_home(chance), (24, 56), today, FEMALE)
        nurse = Nurse(
            user=team.nurse if own else None,
            department=doctors[first].department,
            full_name=team.nurse.full_name if own else person.full_name,
            registration_number=f"KNC {chance.randint(2001, 2022)} {chance.digits(5)}",
            phone=mobile(chance),
            **address(chance),
            **_training(chance.part(f"training {first}"), team.nurse.email if own else ""),
        )
        save_nurse(nurse=nurse, by=team.admin)
        nurse.doctors.set(doctors[first : first + DOCTORS_PER_NURSE])
        nurses.append(nurse)
    return nurses


def _training(chance: Chance, email: str) -> dict[str, str]:
    return {"degree": chance.pick(NURSES_DEGREES), "email": email}
