from django.utils.translation import gettext as _

from clinical.statuses import GIVEN, LabResultStatus


class Correctable:
    """Whether a result of the laboratory has been corrected by a later one of its order.

    Lists prefetch `order__results`, as `with_corrections` does.
    """

    def chart_void(self) -> str:
        if self.is_corrected:
            return _("Corrected by a later result")
        return super().chart_void()

    def chart_doubt(self) -> str:
        return _("The laboratory is correcting this result.") if self.is_in_correction else ""

    @property
    def is_being_corrected(self) -> bool:
        """For patients, for whom a correction counts when it is acknowledged."""
        return hasattr(self, "replaced_by")

    @property
    def is_corrected(self) -> bool:
        """Whether a correction has been released, however often corrected itself."""
        return any(later.status in GIVEN for later in self._later)

    @property
    def is_in_correction(self) -> bool:
        """Whether a correction has been entered, and none released."""
        return bool(self._later) and not self.is_corrected

    @property
    def _later(self) -> list:
        if self.status == LabResultStatus.WITHDRAWN:
            return []
        rows = self.order.results.all()
        return [row for row in rows if row.pk > self.pk and row.status != LabResultStatus.WITHDRAWN]
