"""New rows of a portion: they wait under keys that are already theirs, and are inserted together."""

from itertools import count

from django.db.models import Max, Model

from audit.capture.prototypes import Inserts, Prototype
from billing.models import Invoice, InvoiceLine, Payment, Receipt, Refund
from clinical.models import Diagnosis, DocumentCode, Encounter, LabOrder, LabResult
from scheduling.models import Appointment

# In an order in which a row comes after those that it refers to.
KINDS = (
    *(Appointment, Invoice, InvoiceLine, Payment, Receipt, Refund),
    *(DocumentCode, Encounter, Diagnosis, LabOrder, LabResult),
)


class Portion:
    """The rows of one transaction. Of two that take the same keys, the database refuses the second."""

    def __init__(self):
        self.inserts = Inserts(*KINDS)
        self.keys: dict[type[Model], count] = {}

    def add(self, prototype: Prototype, patient_id: int, *values) -> int:
        """The key of the new row."""
        model = prototype.model
        if model not in self.keys:
            last = model._base_manager.aggregate(last=Max("pk"))["last"] or 0
            self.keys[model] = count(last + 1)
        pk = next(self.keys[model])
        self.inserts.add(prototype, patient_id, pk, *values)
        return pk
