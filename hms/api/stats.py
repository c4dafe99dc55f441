from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from hms.core.api.rights import holds
from hms.reports.tiles import figures_of


class Tiles(serializers.Serializer):
    doctors = serializers.IntegerField(help_text="Who can be booked today.")
    active_bookings = serializers.IntegerField(help_text="Of which the time is not over.")
    patients = serializers.IntegerField()
    visits_today = serializers.IntegerField(help_text="Neither held nor cancelled.")
    revenue_today = serializers.DecimalField(
        11, 2, help_text="Payments captured today less refunds sent or handed out today."
    )


class Stats(APIView):
    permission_classes = [holds("accounts.assign_roles", "reports.view_money")]

    @extend_schema(responses=Tiles, operation_id="show_stats")
    def get(self, request):
        """The figures of today, for administrators."""
        return Response(Tiles(figures_of(request.user)).data)
