"""What the laboratory does at once: the tests of one container, from one visit, at one status."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Prefetch

from clinical.models import LabOrder, LabResult
from clinical.statuses import LabOrderStatus, LabSection

CURRENT_RESULTS = Prefetch(
    "results", LabResult.objects.current().select_related("recorded_by", "verified_by", "file"),
    to_attr="current",
)  # fmt: skip


@dataclass(frozen=True)
class Job:
    orders: list[LabOrder]

    @property
    def first(self) -> LabOrder:
        return self.orders[0]

    @property
    def title(self) -> str:
        """The panels, and the tests that belong to none."""
        names = {str(order.panel or order.test): None for order in self.orders}
        return ", ".join(names)

    @property
    def tests(self) -> str:
        return ", ".join(str(order.test) for order in self.orders)

    @property
    def due_at(self):
        return min(order.due_at for order in self.orders)

    @property
    def is_overdue(self) -> bool:
        return any(order.is_overdue for order in self.orders)

    @property
    def has_sample(self) -> bool:
        return self.first.test.section == LabSection.LABORATORY

    @property
    def results(self) -> list[LabResult]:
        """The results that the laboratory works on."""
        return [with_order(result, order) for order in self.orders for result in order.current]

    @property
    def unreported(self) -> list[LabResult]:
        """Critical values that nobody has reported yet."""
        return [result for result in self.results if result.is_critical and not result.reported_at]

    @property
    def corrections(self) -> list[LabResult]:
        """Corrections that can be taken back; what was computed from them goes with them."""
        entered = [result for result in self.results if result.replaces_id and not result.is_final]
        return [result for result in entered if not result.order.test.is_computed]

    @property
    def question(self) -> str:
        return next((order.question for order in self.orders if order.question), "")

    def waits_for(self, order: LabOrder) -> str:
        """What is missing for a computed test; empty for others and once it is computed."""
        if order.current or not order.test.is_computed or order.status == LabOrderStatus.ORDERED:
            return ""
        return ", ".join(order.test.formula.missing(one.order.test.code for one in self.results))

    def is_entered_by(self, user) -> bool:
        """Whether nothing is left that the user may verify."""
        return all(result.recorded_by_id == user.pk for result in self.results)


def with_order(result: LabResult, order: LabOrder) -> LabResult:
    result.order = order
    return result


def jobs_of(orders: Iterable[LabOrder]) -> list[Job]:
    """The orders in jobs, in the order in which the first of each comes."""
    jobs: dict[tuple, list[LabOrder]] = {}
    for order in orders:
        jobs.setdefault(key_of(order), []).append(order)
    return [Job(orders) for orders in jobs.values()]


def key_of(order: LabOrder) -> tuple:
    if order.label:
        return order.status, order.label
    test = order.test
    alone = order.pk if test.section == LabSection.IMAGING else None
    return order.status, order.appointment_id, test.specimen, test.container, alone


def siblings_of(orders, order: LabOrder):
    """Among `orders` those of the same container: with the same label, or still to be collected with it."""
    if order.label:
        return orders.filter(label=order.label)
    if order.status != LabOrderStatus.ORDERED or order.test.section == LabSection.IMAGING:
        return orders.filter(pk=order.pk)
    return orders.filter(
        appointment=order.appointment_id, status=order.status, test__specimen=order.test.specimen,
        test__container=order.test.container,
    )  # fmt: skip


def waiting_of_panels(visible, orders: Iterable[LabOrder]) -> dict[tuple[str, str], list[str]]:
    """By label and panel of these orders, the visible tests that are not released; at most one query."""
    pairs = {(one.label, one.panel_id) for one in orders if one.panel_id and one.label}
    if not pairs:
        return {}
    labels, panels = zip(*pairs, strict=True)
    waiting = visible.filter(label__in=labels, panel__in=panels).exclude(
        status__in=[LabOrderStatus.RELEASED, LabOrderStatus.CANCELLED]
    )
    found: dict[tuple[str, str], list[str]] = {}
    for order in waiting.select_related("test", "panel").order_by("test__position", "pk"):
        if (order.label, order.panel_id) in pairs:
            found.setdefault((order.label, str(order.panel)), []).append(str(order.test))
    return found
