from django.http import Http404
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import generics, serializers
from rest_framework.permissions import BasePermission
from rest_framework.response import Response
from rest_framework.views import APIView

from hms.core.api.forms import refuse_like
from hms.core.api.serializers import refuse_unknown
from hms.reports.forms import MOST_TOP, ScopeForm
from hms.reports.periods import Step
from hms.reports.question import QUESTIONS, Kind, Question, Row
from hms.reports.services import Answer, ask, doctors_open_to, log_reports, questions_for
from hms.reports.words import plain


class Asked(serializers.Serializer):
    first = serializers.DateField(
        required=False,
        help_text="The first day; without it, 29 days ago, in the outpatient register today.",
    )
    last = serializers.DateField(required=False, help_text="The last day; without it, today.")
    step = serializers.ChoiceField(Step.choices, required=False)
    branch = serializers.CharField(required=False, help_text="The code of a branch.")
    department = serializers.CharField(required=False, help_text="The `ref` of a department.")
    doctor = serializers.CharField(required=False, help_text="The `ref` of a doctor.")
    top = serializers.IntegerField(required=False, min_value=1, max_value=MOST_TOP)


class ColumnData(serializers.Serializer):
    name = serializers.CharField()
    label = serializers.CharField()
    kind = serializers.ChoiceField([kind.value for kind in Kind])


class ReportInList(serializers.Serializer):
    ref = serializers.CharField(source="slug")
    title = serializers.CharField()
    definition = serializers.CharField(help_text="What is counted.")
    filters = serializers.ListField(child=serializers.CharField(), help_text="Beside `first` and `last`.")


class ReportData(ReportInList):
    first = serializers.DateField()
    last = serializers.DateField()
    columns = ColumnData(many=True)
    rows = serializers.ListField(
        child=serializers.DictField(), help_text="By the names of the columns; amounts and shares are text."
    )
    totals = serializers.DictField(allow_null=True)


class AsksSomething(BasePermission):
    def has_permission(self, request, view) -> bool:  # noqa: ARG002
        return bool(questions_for(request.user))


@extend_schema_view(get=extend_schema(operation_id="list_reports"))
class Reports(generics.ListAPIView):
    """The reports that the login may see."""

    permission_classes = [AsksSomething]
    filter_backends = []
    serializer_class = ReportInList

    def get_queryset(self):
        return questions_for(self.request.user)


class OneReport(APIView):
    permission_classes = [AsksSomething]

    @extend_schema(parameters=[Asked], responses=ReportData, operation_id="show_report")
    def get(self, request, ref):
        """The rows of the report's page."""
        question = QUESTIONS.get(ref)
        if question is None:
            raise Http404
        doctors = doctors_open_to(question=question, by=request.user)
        form = ScopeForm(request.query_params, question=question, doctors=doctors)
        refuse_unknown(form.unknown)
        refuse_like(form)
        answer = ask(question=question, scope=form.scope(request.user), by=request.user)
        log_reports(questions=[question], asked=request.query_params.dict(), by=request.user)
        return Response(ReportData(data_of(question, answer)).data)


def data_of(question: Question, answer: Answer) -> dict:
    totals = answer.totals
    return {
        "slug": question.slug,
        "title": question.title,
        "definition": question.definition,
        "filters": question.filters,
        "first": answer.scope.first,
        "last": answer.scope.last,
        "columns": [
            {"name": column.name, "label": column.label, "kind": column.kind.value}
            for column in question.columns
        ],
        "rows": [written(row, question) for row in answer.rows],
        "totals": totals and written(totals, question),
    }


def written(row: Row, question: Question) -> dict:
    columns = [column for column in question.columns if column.name in row]
    return {column.name: plain(row[column.name], column.kind) for column in columns}
