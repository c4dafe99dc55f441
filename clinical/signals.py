"""Signals about visits and documents, sent inside the transaction."""

from django.dispatch import Signal

# With `encounter`, `by` and `services`: the names and codes of what was done and is to be charged.
visit_finished = Signal()

# With `record`: a signed prescription, an issued certificate, or an acknowledged result, which stands for
# all those of the report that were acknowledged with it. The patient may read it from now on.
released_to_patient = Signal()

# With `result`: one test result that the patient may read from now on.
result_released = Signal()

# With `record`: a prescription or certificate that is no longer in force.
document_withdrawn = Signal()
