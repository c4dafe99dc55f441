"""The icon of a department, chosen by its address name."""

ICONS = {
    "cardi": "dept-heart",
    "heart": "dept-heart",
    "ortho": "dept-bone",
    "bone": "dept-bone",
    "neuro": "dept-brain",
    "psych": "dept-brain",
    "paed": "dept-child",
    "pedia": "dept-child",
    "child": "dept-child",
    "ent": "dept-ear",
    "ear": "dept-ear",
    "eye": "dept-eye",
    "ophthal": "dept-eye",
    "neph": "dept-kidney",
    "uro": "dept-kidney",
    "lab": "dept-lab",
    "patho": "dept-lab",
    "pulmo": "dept-lungs",
    "chest": "dept-lungs",
    "respir": "dept-lungs",
    "radio": "dept-scan",
    "imaging": "dept-scan",
    "derma": "dept-skin",
    "skin": "dept-skin",
    "gastro": "dept-stomach",
    "dent": "dept-tooth",
    "oral": "dept-tooth",
    "gyn": "dept-woman",
    "obst": "dept-woman",
    "women": "dept-woman",
}
GENERAL = "dept-stethoscope"


def icon_of(slug: str) -> str:
    words = slug.split("-")
    found = (icon for stem, icon in ICONS.items() if any(word.startswith(stem) for word in words))
    return next(found, GENERAL)
