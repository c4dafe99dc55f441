from django.conf import settings


def hospital(_request) -> dict:
    return {"hospital": settings.HOSPITAL}
