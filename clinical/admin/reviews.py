from django import forms
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.template.defaultfilters import truncatechars
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from audit.reading.history import HistoryMixin
from clinical.models import Review
from clinical.services import answer_review, moderate_review
from clinical.statuses.reviews import DECISIONS, ReviewStatus
from hms.core.admin import NoDeleteMixin, ServiceAdmin, VisibleToMixin


class ModerateForm(forms.ModelForm):
    """Decides about the words as they were shown."""

    relies_on = ("status", "stars", "words")

    becomes = forms.ChoiceField(label=_("Decision"))
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=200,
        help_text=_("Needed to refuse; the author reads it."),
    )

    class Meta:
        model = Review
        fields = ()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        possible = ReviewStatus.STEPS[self.instance.status] & DECISIONS
        words = {ReviewStatus.PUBLISHED: _("Publish"), ReviewStatus.REFUSED: _("Refuse")}
        choices = [(status.value, word) for status, word in words.items() if status in possible]
        self.fields["becomes"].choices = [("", "---------"), *choices]

    def save_row(self, *, by) -> Review:
        filled_in = self.cleaned_data
        return moderate_review(
            review=self.instance, status=filled_in["becomes"], reason=filled_in["reason"], by=by
        )


class AnswerForm(forms.ModelForm):
    """The answer of the doctor to the words as they were shown."""

    relies_on = ("status", "stars", "words")

    class Meta:
        model = Review
        fields = ("answer",)
        widgets = {"answer": forms.Textarea(attrs={"rows": 5, "cols": 80})}
        help_texts = {
            "answer": _("Everybody can read it. Say nothing that tells who the patient is or what they had.")
        }

    def save_row(self, *, by) -> Review:
        return answer_review(review=self.instance, answer=self.cleaned_data["answer"], by=by)


@admin.register(Review)
class ReviewAdmin(HistoryMixin, NoDeleteMixin, VisibleToMixin, ServiceAdmin):
    """Administrators moderate all reviews; doctors answer their published ones, without a patient's name."""

    list_filter = ["status", "stars"]
    list_select_related = ["patient", "doctor", "appointment"]
    list_per_page = 50
    show_full_result_count = False
    sortable_by = ["stars", "status", "recorded_at"]

    @admin.display(description=_("visit"))
    def visit(self, review):
        return date_format(timezone.localtime(review.appointment.starts_at), "F Y")

    @admin.display(description=_("words"))
    def beginning(self, review):
        return truncatechars(review.words, 80)

    def get_list_display(self, request):
        who = ["patient"] if moderates(request.user) else []
        return ["visit", *who, "doctor", "stars", "beginning", "status"]

    def get_readonly_fields(self, request, obj=None):
        shown = ["visit", "doctor", "stars", "words", "status"]
        if moderates(request.user):
            shown += ["patient", "appointment", "refusal_reason", "recorded_by", "recorded_at"]
        return shown if form_for(request.user, obj) is AnswerForm else [*shown, "answer"]

    def get_fields(self, request, obj=None):
        form = form_for(request.user, obj)
        return [*self.get_readonly_fields(request, obj), *(form.base_fields if form else ())]

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = form_for(request.user, obj) or forms.ModelForm
        return super().get_form(request, obj, change=change, **kwargs | {"form": form})

    def has_add_permission(self, request):  # noqa: ARG002 - Django's signature
        return False

    def has_change_permission(self, request, obj=None):
        if obj is None:
            return moderates(request.user) or request.user.has_perm("clinical.answer_review")
        return form_for(request.user, obj) is not None

    def lookup_allowed(self, lookup, value, request=None):  # noqa: ARG002 - Django's signature
        """No filter by a column that is not shown, such as the patient."""
        return lookup.split("__")[0] in self.list_filter

    def history_view(self, request, object_id, extra_context=None):
        """The log names the author, whom the doctor need not know."""
        if not moderates(request.user):
            self.get_object(request, unquote(object_id))  # logs the attempt of somebody who does not see it
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        return super().history_view(request, object_id, extra_context)

    def save_with_service(self, request, obj, form):
        form.save_row(by=request.user)
        obj.refresh_from_db()


def moderates(user) -> bool:
    return user.has_perm("clinical.moderate_review")


def form_for(user, review: Review | None) -> type[forms.ModelForm] | None:
    """What the person may do with the review; nobody moderates reviews of their own visits."""
    if review is None or review.doctor_id is None:
        return None
    if review.doctor.user_id == user.pk:
        can_answer = review.status == ReviewStatus.PUBLISHED and user.has_perm("clinical.answer_review")
        return AnswerForm if can_answer else None
    can_decide = moderates(user) and ReviewStatus.STEPS[review.status] & DECISIONS
    return ModerateForm if can_decide else None
