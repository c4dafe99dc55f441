"""Kinds of steps that need a second person; each app registers its own."""

from abc import ABC, abstractmethod
from typing import Any


class ApprovalKind(ABC):
    """One kind of step that one person asks for and another one approves."""

    name: str
    label: str
    about: str  # the model of the row that it is about, for the link to its page: "billing.payment"
    permission: str  # that the one who asks and the one who approves both need

    @abstractmethod
    def check(self, about_pk: int, values: dict[str, str], *, by: Any) -> str:
        """Say in words what is asked for, without a patient's name; refuses what could not be done now."""

    @abstractmethod
    def carry_out(
        self, about_pk: int, values: dict[str, str], *, reference: str, asked_by: Any, by: Any
    ) -> None:
        """Do it, within the transaction of the approval, with all of its checks."""

    def narrowed(self, values: dict[str, str]) -> str:  # noqa: ARG002 - for subclasses
        """What may be asked for separately about one row."""
        return ""


kinds: dict[str, ApprovalKind] = {}


def add_kind(kind: ApprovalKind) -> None:
    """Register a kind; call it in `AppConfig.ready`."""
    kinds[kind.name] = kind


def kinds_decided_by(user: Any) -> list[str]:
    return [kind.name for kind in kinds.values() if user.has_perm(kind.permission)]
