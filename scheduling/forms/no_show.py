from hms.core.forms import RowForm


class ActivateModelForm(RowForm):
    """The button that takes a model into use."""

    columns, relies_on = (), ("activation",)

    def is_done(self, row):
        return row.is_active
