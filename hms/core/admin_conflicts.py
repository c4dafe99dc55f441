"""Edit conflicts in the staff site: change forms carry a fingerprint of their row and lock it to save."""

from http import HTTPStatus

from django.contrib.admin.utils import unquote
from django.core.exceptions import ValidationError

from hms.core.edit_conflicts import EditConflict
from hms.core.forms import fingerprinted, lock_rows
from hms.core.transactions import retried_atomic


class EditConflictMixin:
    """Refuses to save over changes that the person has not seen. Goes before `ModelAdmin` in the bases."""

    def get_form(self, request, obj=None, change=False, **kwargs):
        return fingerprinted(super().get_form(request, obj, change=change, **kwargs))

    def changeform_view(self, request, object_id=None, *args, **kwargs):
        view = super().changeform_view
        if request.method != "POST":
            return view(request, object_id, *args, **kwargs)

        def save():
            if object_id is not None:
                self.lock(unquote(object_id))
            return view(request, object_id, *args, **kwargs)

        return retried_atomic(save)()

    def lock(self, key: str) -> None:
        try:
            lock_rows(self.model, pk=self.opts.pk.to_python(key))
        except ValidationError:
            return  # not a key; the view reports it

    def render_change_form(self, request, context, *args, **kwargs):
        formsets = [inline.formset for inline in context["inline_admin_formsets"]]
        shown = [context["adminform"].form, *formsets]
        conflicts = [form.conflict for form in shown if getattr(form, "conflict", None)]
        context["conflict"] = EditConflict.joined(conflicts) if conflicts else None
        response = super().render_change_form(request, context, *args, **kwargs)
        if conflicts:
            response.status_code = HTTPStatus.CONFLICT
        return response
