from hms.notifications.models import Notification
from tests.notifications.rows import queued
from tests.owned import Household, row_of


@row_of(Notification)
def a_message(_household: Household) -> Notification:
    return queued()
