"""Doctors with what a patient asks about: titles, years, languages, fee; and with their registration."""

from datetime import date, timedelta
from decimal import Decimal

from accounts.models import Language, User
from hms.core.folded import same_name
from hms.core.typed_text import without_accents
from hms.demo.chance import Chance
from hms.demo.data.biographies import biography
from hms.demo.data.names import COMMUNITIES
from hms.demo.data.places import address, mobile
from hms.demo.data.specialities import speciality_of
from hms.demo.data.speciality import WOMEN
from hms.demo.logins import DOMAIN
from hms.demo.persons import FEMALE, Person, new_home, new_person
from scheduling.models import Department, Doctor, Specialization
from scheduling.models.doctor import DoctorCategory
from scheduling.services.directory import save_doctor, save_specialization

COUNCILS = {
    ("KMC", "Karnataka Medical Council"): 78,
    ("TNMC", "Tamil Nadu Medical Council"): 9,
    ("TCMC", "Travancore-Cochin Medical Council"): 6,
    ("APMC", "Andhra Pradesh Medical Council"): 4,
    ("MMC", "Maharashtra Medical Council"): 3,
}
CHEAPEST, DEAREST = 300, 1500  # rupees
AGES = (34, 66)
FIRST_PRACTICE = 27  # years of age
SENIOR_AFTER, CONSULTANT_AFTER = 16, 5  # years of practice
# Days from today to the end of the registration, counted from the end of the list.
RUNNING_OUT = {-1: -9, -2: 12, -3: 25}
FEWEST_FOR_TROUBLE = 5  # in a smaller hospital everybody is needed


def hire_doctors(
    how_many: int,
    departments: dict[str, Department],
    languages: dict[str, Language],
    *,
    by: User,
    own_login: User,
    chance: Chance,
    today: date,
) -> list[Doctor]:
    """As many doctors; the first has a login, the last ones' registrations run out or have run out."""
    doctors: list[Doctor] = []
    for position in range(how_many):
        luck = chance.part(str(position))
        person = _person(luck, position, own_login, {doctor.full_name for doctor in doctors}, today)
        doctor = _doctor(luck, person, position, departments, today)
        doctor.registration_expires_on = _expires_on(luck, position - how_many, how_many, today)
        doctor.user = None if position else own_login
        _reach(doctor, luck.part("contact"))
        doctor.specialization = _specialization(title_of(position, len(departments))[0], by)
        save_doctor(doctor=doctor, by=by)
        doctor.languages.set(languages[code] for code in ("en", *person.community.languages))
        doctors.append(doctor)
    return doctors


def _person(chance: Chance, position: int, own_login: User, known: set[str], today: date) -> Person:
    if position == 0:
        born = today - timedelta(days=int(44.3 * 365.25))
        return Person(f"Dr {own_login.full_name}", FEMALE, born, COMMUNITIES[0])
    gender = FEMALE if speciality_of(position).audience == WOMEN and chance.happens(0.8) else ""
    while True:
        person = new_person(chance, new_home(chance), AGES, today, gender)
        name = f"Dr {person.full_name}"
        if name not in known:
            return Person(name, person.gender, person.born, person.community)


def _doctor(chance: Chance, person: Person, position: int, departments, today: date) -> Doctor:
    speciality = speciality_of(position)
    _title, degree = title_of(position, len(departments))
    since = person.born.year + FIRST_PRACTICE + chance.randint(0, 2)
    category = _category(chance, today.year - since, position)
    short, council = chance.pick(COUNCILS)
    return Doctor(
        reference=chance.reference(),
        department=departments[speciality.slug],
        full_name=person.full_name,
        registration_number=f"{short} {since} {chance.randint(1000, 99999):05}",
        registration_council=council,
        category=category,
        degree=degree,
        gender=person.gender,
        practising_since=since,
        fee=_fee(chance, speciality.fee, category),
        biography=biography(
            chance, full_name=person.full_name, gender=person.gender, slug=speciality.slug, since=since
        ),
        **address(chance),
    )


def title_of(position: int, departments: int) -> tuple[str, str]:
    """What the doctor is called, and the degrees that go with it."""
    titles = speciality_of(position).titles
    return titles[position // departments % len(titles)]


def _specialization(name: str, by: User) -> Specialization:
    known = Specialization.objects.filter(same_name(Specialization, "name", name)).first()
    return known or save_specialization(specialization=Specialization(name=name), by=by)


def _reach(doctor: Doctor, chance: Chance) -> None:
    """Every doctor's number and address for the colleagues; some are for patients too."""
    words = "".join(c if c.isalpha() else " " for c in without_accents(doctor.full_name).lower()).split()[1:]
    doctor.email = doctor.user.email if doctor.user else f"{'.'.join(words)}@{DOMAIN}"
    doctor.phone = mobile(chance)
    doctor.phone_is_public, doctor.email_is_public = chance.happens(0.3), chance.happens(0.3)


def _category(chance: Chance, years: int, position: int) -> str:
    if position and chance.happens(0.12):
        return DoctorCategory.VISITING
    if years >= SENIOR_AFTER:
        return DoctorCategory.SENIOR_CONSULTANT
    return DoctorCategory.CONSULTANT if years >= CONSULTANT_AFTER else DoctorCategory.RESIDENT


def _fee(chance: Chance, usual: int, category: str) -> Decimal:
    """The department's usual fee by rank, in steps of fifty rupees."""
    rank = {DoctorCategory.SENIOR_CONSULTANT: 1.35, DoctorCategory.RESIDENT: 0.75}.get(category, 1)
    fee = round(usual * rank * chance.uniform(0.9, 1.15) / 50) * 50
    return Decimal(min(max(fee, CHEAPEST), DEAREST))


def _expires_on(chance: Chance, from_end: int, how_many: int, today: date) -> date:
    """A registration is renewed every five years, each doctor's at another time."""
    if how_many >= FEWEST_FOR_TROUBLE and from_end in RUNNING_OUT:
        return today + timedelta(days=RUNNING_OUT[from_end])
    return today + timedelta(days=chance.randint(120, 5 * 365))
