"""Where and how a visit takes place, as the address of a page asks for it."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from hms.core.prepared import PreparedQuery
from scheduling.availability import Place
from scheduling.models import Branch
from scheduling.statuses import VisitMode

OPEN_BRANCHES = PreparedQuery(lambda _parameter: Branch.objects.open())


def open_branches() -> list[Branch]:
    return OPEN_BRANCHES.objects()


def open_branch(code: str) -> Branch | None:
    """The branch with exactly this code; the database may ignore the case of letters."""
    return next((branch for branch in open_branches() if branch.code == code), None)


def place_at(branch: Branch | None, mode: str = "") -> Place | None:
    """A branch alone means a visit in person there; where a video call is made from matters to nobody."""
    if branch is None and not mode:
        return None
    return Place(frozenset([branch.pk]) if branch else None, mode or VisitMode.IN_PERSON)


@dataclass(frozen=True)
class AskedPlace:
    """The branch and the mode in the address of a public page; what is unknown is told and ignored."""

    branch: Branch | None = None
    mode: str = ""
    problem: str = ""

    @property
    def place(self) -> Place | None:
        return place_at(self.branch, self.mode)

    @property
    def query(self) -> str:
        """The same question for another address."""
        asked = {"branch": self.branch.code if self.branch else "", "mode": self.mode}
        return urlencode({name: value for name, value in asked.items() if value})

    @property
    def label(self) -> str:
        if not self.branch:
            return self.mode_label or _("All places")
        is_video = self.mode == VisitMode.VIDEO
        return f"{self.branch.name}, {self.mode_label}" if is_video else self.branch.name

    @property
    def mode_label(self) -> str:
        return {VisitMode.VIDEO: _("Video call"), VisitMode.IN_PERSON: _("In person")}.get(self.mode, "")

    @classmethod
    def of(cls, query) -> "AskedPlace":
        code, mode = query.get("branch", ""), query.get("mode", "")
        branch = open_branch(code) if code else None
        problems = []
        if code and branch is None:
            problems.append(_("There is no such branch. These are the times at all branches."))
        if mode not in ("", *VisitMode.values):
            problems.append(_("Visits are in person or by video call. These are the times of both."))
            mode = ""
        return cls(branch, mode, " ".join(problems))


ANYWHERE = AskedPlace()
