from django.conf import settings


def hospital(_request) -> dict:
    """The hospital's name, address and telephone numbers, for every page."""
    return {"hospital": settings.HOSPITAL}
