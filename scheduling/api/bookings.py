from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import generics, serializers, status
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.access import own_patient, visible_or_404
from accounts.models import Patient
from hms.core.api.keys import key_of
from hms.core.api.periods import PeriodFilter
from scheduling.api.booking_data import Booking, BookingInList, ChangedBooking, NewBooking
from scheduling.models import Appointment
from scheduling.own import (
    any_doctor,
    changeable_appointment_or_404,
    own_appointment_or_404,
    reads_symptoms,
)
from scheduling.services import (
    book_appointment,
    cancel_appointment,
    edit_symptoms,
    hold_slot,
    put_away,
    reschedule_appointment,
)
from scheduling.services.permissions import manages
from scheduling.statuses import AppointmentStatus, BookingSource

# Made once: a new serializer copies its fields and those of all within it.
NEW, SHOWN = NewBooking(), Booking()


class BookingFilter(PeriodFilter):
    period = "starts_at"

    status = filters.MultipleChoiceFilter(choices=AppointmentStatus.choices)
    doctor = filters.CharFilter(field_name="doctor__reference", help_text="The `ref` of a doctor.")
    patient = filters.CharFilter(field_name="patient__reference", help_text="The `ref` of a patient.")

    class Meta:
        model = Appointment
        fields = []


@extend_schema_view(get=extend_schema(operation_id="list_bookings"))
class Bookings(generics.ListAPIView):
    """The bookings of the people in the login's care; for staff, those that they may see."""

    serializer_class = BookingInList
    filterset_class = BookingFilter

    def get_queryset(self):
        user = self.request.user
        return Appointment.objects.visible_to(user).on_list_of(user).for_list()

    @extend_schema(request=NewBooking, responses={201: Booking}, operation_id="book")
    def post(self, request):
        """Book or hold a free time; refused with `slot_taken`, `not_offered` or `beyond_horizon`."""
        asked = NEW.run_validation(request.data)
        doctor = any_doctor(asked["doctor"])
        if doctor is None:
            raise Http404
        service = hold_slot if asked["pay"] == "online" else book_appointment
        booked = service(
            patient=patient_of(request, asked.get("patient")),
            doctor=doctor,
            starts_at=asked["starts_at"],
            symptoms=asked["symptoms"],
            source=BookingSource.API,
            visit_kind=asked["visit_kind"],
            idempotency_key=key_of(request),
            by=request.user,
        )
        headers = {"Location": request.build_absolute_uri(f"{request.path}{booked.reference}/")}
        return Response(written(request, booked), status=status.HTTP_201_CREATED, headers=headers)


@extend_schema(request=ChangedBooking, responses=Booking)
class OneBooking(APIView):
    @extend_schema(request=None, operation_id="show_booking")
    def get(self, request, ref):
        return Response(written(request, own_appointment_or_404(request, ref)))

    @extend_schema(operation_id="change_booking")
    def patch(self, request, ref):
        """Cancel, move or edit the symptoms."""
        booking = changeable_or_404(request, ref)
        given = ChangedBooking(data=request.data)
        given.is_valid(raise_exception=True)
        match given.validated_data:
            case {"status": _cancelled}:
                cancel_appointment(appointment=booking, by=request.user)
            case {"starts_at": starts_at}:
                reschedule_appointment(appointment=booking, starts_at=starts_at, by=request.user)
            case {"symptoms": symptoms}:
                if not reads_symptoms(request.user, booking):
                    raise PermissionDenied
                edit_symptoms(appointment=booking, symptoms=symptoms, by=request.user)
        return Response(written(request, own_appointment_or_404(request, ref)))

    @extend_schema(operation_id="replace_booking")
    def put(self, request, ref):
        """The same as PATCH."""
        return self.patch(request, ref)

    @extend_schema(request=None, responses={204: None}, operation_id="put_booking_away")
    def delete(self, request, ref):
        """Cancel it if it is still to come, and take it off the login's list; its history stays."""
        put_away(appointment=changeable_or_404(request, ref), by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


def changeable_or_404(request, ref: str) -> Appointment:
    """A booking that the caller may change: as carer, desk, or doctor who manages the own days."""
    user = request.user
    if user.is_staff:
        booking = own_appointment_or_404(request, ref)
        if manages(user, booking.doctor_id, booking.starts_at):
            return booking
    return changeable_appointment_or_404(request, ref)


def patient_of(request, reference: str | None) -> Patient:
    if reference is not None:
        return visible_or_404(request, Patient.objects.visible_to(request.user), reference)
    patient = own_patient(request.user)
    if patient is None:
        said = _("This login has no patient of its own: say for whom to book.")
        raise serializers.ValidationError({"patient": [said]}, "required")
    return patient


def written(request, booking: Appointment) -> dict:
    booking.symptoms_are_read = reads_symptoms(request.user, booking)
    return SHOWN.to_representation(booking)
