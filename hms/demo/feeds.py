"""Calendar feeds of the demo's doctor and patient; their addresses are known to nobody."""

from accounts.models import User
from hms.demo.logins import email_of
from scheduling.services import make_feed
from scheduling.statuses import FeedKind


def make_feeds(doctor: User) -> None:
    make_feed(kind=FeedKind.DOCTOR, by=doctor)
    patient = User.objects.filter(email=email_of("patient")).first()
    if patient is not None:
        make_feed(kind=FeedKind.CARE, by=patient)
