"""The mark by which the database refuses a second own patient of a login, and a second login of a patient."""

from django.db.models import Q
from django.utils import timezone

from accounts.exceptions import HasOwnLogin, HasOwnPatient
from accounts.models import Guardianship, Patient, Relation, User
from hms.core.transactions import retried_atomic


def check_own(user: User, patient: Patient) -> None:
    """Refuse a second own patient of a login, and a second login of a patient for their own."""
    own = Guardianship.objects.in_force().filter(relation=Relation.SELF)
    if own.filter(user=user).exclude(patient=patient).exists():
        raise HasOwnPatient
    if own.filter(patient=patient).exclude(user=user).exists():
        raise HasOwnLogin


def make_room(user: User, patient: Patient) -> None:
    """Take the mark from what has ended on its day, which nothing but a new guardianship notices."""
    ended = Guardianship.objects.filter(Q(user=user) | Q(patient=patient), is_own=True)
    for guardianship in ended.filter(ends_on__lte=timezone.localdate()).order_by("pk"):
        guardianship.is_own = None
        guardianship.save(update_fields=["is_own"])


@retried_atomic
def mark_own_records() -> list[str]:
    """Mark what was there before the mark, and name what is there twice: that stays, and only once marked.

    Runs after each `migrate`. Returns what it did, in words.
    """
    own = Guardianship.objects.in_force().filter(relation=Relation.SELF)
    unmarked = own.filter(is_own=None).order_by("pk")
    if not unmarked.exists():
        return []
    marked = own.filter(is_own=True).values_list("user_id", "patient_id")
    users, patients = (set(column) for column in zip(*marked, strict=True)) if marked else (set(), set())
    done, doubled = 0, []
    for guardianship in unmarked:
        if guardianship.user_id in users or guardianship.patient_id in patients:
            doubled.append(guardianship.reference)
            continue
        users.add(guardianship.user_id)
        patients.add(guardianship.patient_id)
        guardianship.is_own = True
        guardianship.save(update_fields=["is_own"])
        done += 1
    return _said(done, doubled)


def _said(done: int, doubled: list[str]) -> list[str]:
    said = []
    if done:
        said.append(f"{done} guardianships are marked as access to one's own record now.")
    if doubled:
        said.append(
            "More than one own patient of a login, or login of a patient; revoke the wrong one in "
            f"Guardianships: {', '.join(doubled)}"
        )
    return said
