from dataclasses import dataclass

from hms.demo.data.cases import Case
from scheduling.availability import Slot
from scheduling.models import Doctor


@dataclass(slots=True)
class Visit:
    """One appointment from the booking to the end; moments are seconds since 1970."""

    reference: str
    doctor: Doctor
    patient: int  # the position in the crowd
    slot: Slot
    seat: int
    source: str
    status: str
    created: int
    booked: int | None = None
    arrived: int | None = None
    started: int | None = None
    ended: int | None = None
    token: int | None = None
    case: Case | None = None
    symptoms: str = ""
    note: str = ""  # why it was cancelled
    bill: str = ""
    money: tuple["Money", ...] = ()
    papers: tuple[str, ...] = ()  # the references of the record, its diagnosis and its document
    tested: float | None = None  # chance for what the laboratory finds
    bill_pk: int = 0


@dataclass(frozen=True, slots=True)
class Money:
    """One attempt to pay."""

    reference: str
    at: int
    method: str
    by_link: bool
    came: bool = True
    refund: tuple[str, int, str] | None = None  # reference, moment, reason
