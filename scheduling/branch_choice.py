"""Which branches a list of the staff site shows: by default those of the person, or what its address says.

It chooses what is shown first and decides on no right. A search finds the patients of every branch.
"""

from dataclasses import dataclass
from functools import cached_property

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from scheduling.availability import Place
from scheduling.models.branch import ALL, OWN, Branch


@dataclass(frozen=True)
class BranchChoice:
    """The branches that are open, and what the address of the page (`query`) asks for."""

    branches: list[Branch]  # with `is_own`
    query: dict

    @classmethod
    def of(cls, request) -> "BranchChoice":
        """Doctors and nurses, who see their own patients alone, see them at all branches by default."""
        user = request.user
        is_own = Exists(Branch.objects.of_staff(user).filter(pk=OuterRef("pk")).order_by())
        branches = list(Branch.objects.open().annotate(is_own=is_own))
        if not user.has_perm("scheduling.view_every_appointment"):
            for branch in branches:
                branch.is_own = False
        return cls(branches, request.GET.dict())

    @cached_property
    def own(self) -> list[Branch]:
        return [branch for branch in self.branches if branch.is_own]

    @property
    def default(self) -> str:
        if len(self.own) == 1:
            return self.own[0].code
        return OWN if self.own else ALL

    @cached_property
    def options(self) -> list[tuple[str, str]]:
        """Value and label; none where there is nothing to choose."""
        if len(self.branches) < 2:
            return []
        own = [(OWN, _("My branches"))] if len(self.own) > 1 else []
        return [(ALL, _("All branches")), *own, *((one.code, one.name) for one in self.branches)]

    @property
    def asked(self) -> str:
        return self.query.get("branch", "")

    @property
    def value(self) -> str:
        """What is shown: as asked for, or the default if nothing or nothing that exists is asked for."""
        return self.asked if self.asked in dict(self.options) else self.default

    @property
    def label(self) -> str:
        return dict(self.options).get(self.value, "")

    @property
    def is_unknown(self) -> bool:
        return bool(self.asked and self.options) and self.asked not in dict(self.options)

    @cached_property
    def ids(self) -> frozenset[int] | None:
        """The keys of the branches that are shown; None for all, closed ones too."""
        if not self.options or self.value == ALL:
            return None
        chosen = self.own if self.value == OWN else [one for one in self.branches if one.code == self.value]
        return frozenset(branch.pk for branch in chosen)

    @property
    def place(self) -> Place | None:
        return None if self.ids is None else Place(self.ids)

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What else the address says, and still says with another branch."""
        return [(name, value) for name, value in self.query.items() if name not in ("branch", "p", "e")]
