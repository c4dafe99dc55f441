"""Edit conflicts in the staff site: change forms carry a fingerprint of their row and lock it to save."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from http import HTTPStatus

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.html import format_html
from django.utils.safestring import SafeString

from hms.core.buttons import already
from hms.core.conflict_words import as_message
from hms.core.edit_conflicts import FIELD, EditConflict
from hms.core.fingerprints import fingerprint_of
from hms.core.forms import StepForm, fingerprinted
from hms.core.locks import lock_first
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
            lock_first(self.model._base_manager.filter(pk=self.opts.pk.to_python(key)).only("pk"))
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


@dataclass
class StepsTaken:
    """What an action did to the rows of a list."""

    done: int = 0
    lines: list[tuple[int, str]] = field(default_factory=list)  # the others: level and words


class StepActionsMixin:
    """Actions of a list that take steps: each row is as the list showed it, or nothing happens to it."""

    step_form: type[StepForm] = StepForm

    def action_checkbox(self, obj):
        return super().action_checkbox(obj) + self.shown(obj)

    def shown(self, row: Model) -> SafeString:
        """A hidden input with the fingerprint of the row as the page shows it."""
        value = fingerprint_of(row, self.step_form.relies_on)
        return format_html('<input type="hidden" name="{}-{}" value="{}">', prefix_of(row), FIELD, value)

    def name_of(self, row: Model) -> str:
        return str(row)

    def state_of(self, row: Model) -> str:
        return row.get_status_display()

    def take_steps(self, request, rows: Iterable[Model], to: str, service: Callable) -> StepsTaken:
        """Call the service for each row that is as it was shown; the others are told one by one."""
        taken = StepsTaken()
        for row in rows:
            form = self.step_form(request.POST, row=row, prefix=prefix_of(row), to=to)
            form.full_clean()
            try:
                form.save_unless_changed(partial(service, row))
            except EditConflict as conflict:
                taken.lines.append((messages.WARNING, self._line(row, as_message(conflict, request.user))))
            except ValidationError as refusal:
                taken.lines.append((messages.WARNING, self._line(row, " ".join(refusal.messages))))
            else:
                taken.done += not form.was_done
                if form.was_done:
                    taken.lines.append((messages.INFO, self._line(row, already(self.state_of(form.row)))))
        return taken

    def tell(self, request, taken: StepsTaken, done: str) -> None:
        if taken.done:
            self.message_user(request, done, messages.SUCCESS)
        for level, line in taken.lines:
            self.message_user(request, line, level)

    def _line(self, row: Model, words: str) -> str:
        return f"{self.name_of(row)}: {words}"


def prefix_of(row: Model) -> str:
    return f"row-{row.pk}"
