from hms.notifications.models import DeclinedMessage, Notification
from tests.factories import PatientFactory
from tests.notifications.rows import queued
from tests.owned import Household, row_of


@row_of(Notification)
def a_message(_household: Household) -> Notification:
    return queued()


@row_of(DeclinedMessage)
def a_declined_message(_household: Household) -> DeclinedMessage:
    return DeclinedMessage.objects.create(patient=PatientFactory(), kind="reminder", channel="sms")
