"""Helpers that request and submit the page before the booking."""


def page(scene) -> str:
    return f"/book/{scene.visit.reference}/check/"


def send(client, scene, **fields):
    fields = {"pay": "desk", "key": "key-00000001", "total": "559.00"} | fields
    return client.post(page(scene), fields)
