"""Made-up people: names that go with languages, ages as in a waiting room, families under one roof."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from hms.demo.chance import Chance
from hms.demo.data.names import BOYS, COMMUNITIES, GIRLS, Community
from hms.demo.data.places import address, mobile

FEMALE, MALE = "female", "male"
BLOOD_GROUPS = dict(  # in India; Rh negative is rare
    zip(("O+", "B+", "A+", "AB+", "O-", "B-", "A-", ""), (33, 29, 19, 7, 2, 2, 1, 14), strict=True)
)
CHILD_NAMES_UNTIL = 14  # years


@dataclass(frozen=True)
class Person:
    full_name: str
    gender: str
    born: date
    community: Community

    @property
    def given_name(self) -> str:
        return self.full_name.split(" ", 1)[0]


@dataclass(frozen=True)
class Home:
    """What the members of a family share."""

    community: Community
    family_name: str
    phone: str
    address: dict[str, str] = field(default_factory=dict)


def new_home(chance: Chance) -> Home:
    community = chance.pick({community: community.share for community in COMMUNITIES})
    return Home(community, chance.choice(community.families), mobile(chance), address(chance))


def new_person(chance: Chance, home: Home, years: tuple[float, float], today: date, gender="") -> Person:
    """Somebody of this home whose age lies between so many years."""
    gender = gender or chance.choice((FEMALE, MALE))
    born = today - timedelta(days=int(chance.uniform(*years) * 365.25) + 1)
    community = home.community
    if years[1] <= CHILD_NAMES_UNTIL and chance.happens(0.7):
        given = chance.choice(GIRLS if gender == FEMALE else BOYS)
    else:
        given = chance.choice(community.women if gender == FEMALE else community.men)
    return Person(f"{given} {home.family_name}", gender, born, community)


def particulars(chance: Chance, person: Person, home: Home, *, contact: str = "") -> dict:
    """What the hospital writes down about a patient, but the time and the e-mail address."""
    return {
        "reference": chance.reference(),
        "full_name": person.full_name,
        "gender": person.gender,
        "date_of_birth": person.born,
        "blood_group": chance.pick(BLOOD_GROUPS),
        "phone": home.phone,
        "abha_number": f"91{chance.digits(12)}" if chance.happens(0.35) else None,
        "emergency_contact_name": contact,
        "emergency_contact_phone": mobile(chance) if contact else "",
        "wants_sms": chance.happens(0.9),
        "wants_email": chance.happens(0.85),
        **home.address,
    }
