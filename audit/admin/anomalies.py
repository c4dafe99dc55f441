"""Anomalies to review: auditors close them with an outcome, administrators can see them."""

from datetime import timedelta

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpResponseNotAllowed
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from audit.admin.events import log_address
from audit.anomalies.finding import find_anomalies
from audit.anomalies.registry import all_rules, label_of
from audit.anomalies.review import close_anomaly, reopen_anomaly
from audit.models import Anomaly, AuditEvent
from audit.reading.search import of_patient, patient_names, patients_named
from audit.statuses import OUTCOMES, AnomalyStatus
from hms.core.admin import ReadOnlyAdmin
from hms.core.forms import RowForm
from hms.core.refusals import put_on_form

MOST_ENTRIES = 100
REVIEW = "audit.review_anomaly"


class StatusFilter(admin.SimpleListFilter):
    """Shows open anomalies by default."""

    title = _("status")
    parameter_name = "status"

    def lookups(self, _request, _model_admin):
        return [("all", _("All")), *AnomalyStatus.choices]

    def choices(self, changelist):
        chosen = self.value() or AnomalyStatus.OPEN
        for value, label in self.lookup_choices:
            link = changelist.get_query_string({self.parameter_name: value})
            yield {"selected": chosen == value, "query_string": link, "display": label}

    def queryset(self, _request, queryset):
        chosen = self.value() or AnomalyStatus.OPEN
        return queryset if chosen == "all" else queryset.filter(status=chosen)


class RuleFilter(admin.SimpleListFilter):
    title = _("rule")
    parameter_name = "rule"

    def lookups(self, _request, _model_admin):
        return [(rule.name, rule.label) for rule in all_rules()]

    def queryset(self, _request, queryset):
        return queryset.filter(rule=self.value()) if self.value() else queryset


class NoteForm(RowForm):
    columns, relies_on = (), ("status",)  # what would close it on one page opens it again on the other

    note = forms.CharField(label=_("Note"), widget=forms.Textarea(attrs={"rows": 4}))


class ReviewForm(NoteForm):
    outcome = forms.ChoiceField(
        label=_("Outcome"),
        choices=[(outcome.value, outcome.label) for outcome in OUTCOMES],
        widget=forms.RadioSelect,
    )
    field_order = ["outcome", "note"]


@admin.register(Anomaly)
class AnomalyAdmin(ReadOnlyAdmin):
    list_display = ["when", "what", "person", "patient", "count", "status"]
    list_filter = [StatusFilter, RuleFilter]
    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    search_fields = ["actor_label"]
    search_help_text = _("A patient number (MRN), or part of a person's name or e-mail address")
    fields = ["when", "what", "person", "patient", "count", "status"]
    change_form_template = "admin/audit/anomaly/change_form.html"
    change_list_template = "admin/audit/anomaly/change_list.html"

    def get_fields(self, request, obj=None):
        decision = ["note", "reviewed_by", "reviewed_at"] if obj and obj.reviewed_at else []
        return [*super().get_fields(request, obj), *decision]

    def get_search_results(self, request, queryset, search_term):
        patients = patients_named(search_term.strip())
        if patients:
            return queryset.filter(patient_id__in=patients), False
        return super().get_search_results(request, queryset, search_term)

    def get_changelist_instance(self, request):
        changelist = super().get_changelist_instance(request)
        _name_patients(changelist.result_list)
        return changelist

    def get_object(self, request, object_id, from_field=None):
        anomaly = super().get_object(request, object_id, from_field)
        _name_patients([anomaly] if anomaly else [])
        return anomaly

    def changelist_view(self, request, extra_context=None):
        page = {"may_review": request.user.has_perm(REVIEW)}
        return super().changelist_view(request, page | (extra_context or {}))

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        entries = entries_of(obj)
        count = entries.count()
        context |= {
            "title": self.what(obj),
            "subtitle": None,
            "entries": list(entries.order_by("recorded_at", "pk")[:MOST_ENTRIES]),
            "more": max(0, count - MOST_ENTRIES),
            "may_review": request.user.has_perm(REVIEW) and obj.actor_id != request.user.pk,
            "is_own": request.user.has_perm(REVIEW) and obj.actor_id == request.user.pk,
            "decisions": log_address(model=obj._meta.label_lower, object_pk=obj.pk),
        }
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def get_urls(self):
        page = self.admin_site.admin_view
        return [
            path("find/", page(self.find_view), name="audit_anomaly_find"),
            path("<path:object_id>/review/", page(self.review_view), name="audit_anomaly_review"),
            *super().get_urls(),
        ]

    def find_view(self, request):
        """Search yesterday and today now."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not request.user.has_perm(REVIEW):
            raise PermissionDenied
        found = find_anomalies(since=timezone.localdate() - timedelta(days=1))
        said = ngettext("%d new anomaly.", "%d new anomalies.", found.new) % found.new
        self.message_user(request, said, messages.SUCCESS)
        return redirect("admin:audit_anomaly_changelist")

    def review_view(self, request, object_id):
        """Close with an outcome and a note, or reopen with a note."""
        if not request.user.has_perm(REVIEW):
            raise PermissionDenied
        anomaly = self.get_object(request, object_id)
        if anomaly is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        is_open = anomaly.status == AnomalyStatus.OPEN
        form = (ReviewForm if is_open else NoteForm)(request.POST or None, row=anomaly)
        if request.method == "POST" and form.is_valid() and self._decide(request, anomaly, form):
            return redirect("admin:audit_anomaly_changelist")
        title = _("Close with an outcome") if is_open else _("Reopen")
        page = {
            "title": title,
            "anomaly": anomaly,
            "what": self.what(anomaly),
            "form": form,
            "opts": self.opts,
        }
        page["back"] = reverse("admin:audit_anomaly_change", args=[anomaly.pk])
        page |= self.admin_site.each_context(request)
        return TemplateResponse(request, "admin/audit/anomaly/review.html", page, status=form.status)

    def _decide(self, request, anomaly: Anomaly, form: forms.Form) -> bool:
        decide = close_anomaly if isinstance(form, ReviewForm) else reopen_anomaly
        try:
            form.save_unless_changed(lambda: decide(anomaly=anomaly, by=request.user, **form.cleaned_data))
        except ValidationError as refusal:
            put_on_form(form, refusal)
            return False
        self.message_user(request, _("The decision is saved and logged."), messages.SUCCESS)
        return True

    @admin.display(description=_("when"), ordering="begins_at")
    def when(self, anomaly):
        begins, ends = timezone.localtime(anomaly.begins_at), timezone.localtime(anomaly.ends_at)
        return f"{date_format(begins, 'j M Y, g:i A')}–{date_format(ends, 'g:i A')}"  # noqa: RUF001 - from, to

    @admin.display(description=_("what"), ordering="rule")
    def what(self, anomaly):
        return label_of(anomaly.rule)

    @admin.display(description=_("person"), ordering="actor_label")
    def person(self, anomaly):
        return anomaly.actor_label

    @admin.display(description=_("patient"))
    def patient(self, anomaly):
        return anomaly.patient_name or "-"


def entries_of(anomaly: Anomaly) -> QuerySet:
    """Those that were found; of one that was reported, what the person did about the patient meanwhile."""
    if anomaly.event_ids:
        return AuditEvent.objects.filter(pk__in=anomaly.event_ids)
    meanwhile = {"recorded_at__gte": anomaly.begins_at, "recorded_at__lte": anomaly.ends_at}
    about = AuditEvent.objects.filter(of_patient(anomaly.patient_id), actor=anomaly.actor_id, **meanwhile)
    return about.distinct()


def _name_patients(anomalies) -> None:
    names = patient_names(anomaly.patient_id for anomaly in anomalies)
    for anomaly in anomalies:
        anomaly.patient_name = names.get(anomaly.patient_id, anomaly.patient_id)
