from decimal import Decimal

from django.db.models import Sum
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import Patient
from billing.models import Payment, Refund
from billing.statuses import RefundStatus
from hms.core.api.rights import holds
from hms.core.days import local_day
from scheduling.access import NO_GROUND
from scheduling.models import Appointment, Doctor


class Tiles(serializers.Serializer):
    doctors = serializers.IntegerField(help_text="Who can be booked today.")
    active_bookings = serializers.IntegerField(help_text="Of which the time is not over.")
    patients = serializers.IntegerField()
    visits_today = serializers.IntegerField(help_text="Neither held nor cancelled.")
    revenue_today = serializers.DecimalField(
        11, 2, help_text="Payments captured today less refunds sent or handed out today."
    )


class Stats(APIView):
    permission_classes = [holds("accounts.assign_roles")]

    @extend_schema(responses=Tiles, operation_id="show_stats")
    def get(self, request):
        """The figures of today, for administrators."""
        user, today = request.user, timezone.localdate()
        visits = Appointment.objects.visible_to(user)
        tiles = {
            "doctors": Doctor.objects.bookable(today).count(),
            "active_bookings": visits.upcoming().count(),
            "patients": Patient.objects.visible_to(user).count(),
            "visits_today": visits.on_day(today).exclude(status__in=NO_GROUND).count(),
            "revenue_today": revenue(user, today),
        }
        return Response(Tiles(tiles).data)


def revenue(user, day) -> Decimal:
    begins, ends = local_day(day)
    captured = Payment.objects.visible_to(user).captured()
    captured = captured.filter(captured_at__gte=begins, captured_at__lt=ends)
    refunds = Refund.objects.visible_to(user).filter(
        status=RefundStatus.PROCESSED, closed_at__gte=begins, closed_at__lt=ends
    )
    return total(captured) - total(refunds)


def total(rows) -> Decimal:
    return rows.order_by().aggregate(total=Sum("amount"))["total"] or Decimal("0.00")
