"""Which changes between two descriptions of the API break its clients; see docs/api.md.

Clients ignore fields and words that they do not know. They rely on what they may send and on what comes.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import reduce

# What a value may be at most, and at least: a smaller, or a larger one, takes away what was valid.
MOST, LEAST = ("maximum", "maxLength", "maxItems"), ("minimum", "minLength", "minItems")
NAMES = {type(None): "null", bool: "boolean", int: "integer", float: "number"}


def breaks(old: Mapping, new: Mapping) -> list[str]:
    """What clients of the old description trip over in the new one."""
    before, after = Description(old), Description(new)
    found = []
    for name, operation in before.operations.items():
        if name not in after.operations:
            found.append(f"{name}: the operation is gone")
        else:
            found += [
                f"{name}: {one}" for one in _of_operation(before, operation, after, after.operations[name])
            ]
    return found


def is_allowed(old: Mapping, new: Mapping) -> bool:
    """Whether the new description breaks nothing, or has another first number in its version."""
    return _major(new) > _major(old) or not breaks(old, new)


def _major(description: Mapping) -> int:
    return int(description["info"]["version"].partition(".")[0])


@dataclass(frozen=True)
class Shape:
    """What values a schema allows, whichever way it is written."""

    types: frozenset[str] = frozenset()  # none: any
    words: frozenset | None = None
    fields: Mapping[str, Mapping] = field(default_factory=dict)
    required: frozenset[str] = frozenset()
    items: Mapping | None = None
    limits: Mapping[str, object] = field(default_factory=dict)

    def __or__(self, other: "Shape") -> "Shape":
        """What either allows; limits count if both have them."""
        is_any = not self.types or not other.types
        has_words = self.words is not None and other.words is not None
        return Shape(
            frozenset() if is_any else self.types | other.types,
            self.words | other.words if has_words else None,
            {**self.fields, **other.fields},
            self.required & other.required
            if self.fields and other.fields
            else self.required | other.required,
            self.items or other.items,
            {name: value for name, value in self.limits.items() if other.limits.get(name) == value},
        )

    def __and__(self, other: "Shape") -> "Shape":
        return Shape(
            self.types or other.types,
            other.words if self.words is None else self.words,
            {**self.fields, **other.fields},
            self.required | other.required,
            self.items or other.items,
            {**self.limits, **other.limits},
        )


class Description:
    def __init__(self, text: Mapping):
        self.text = text
        self.operations = {
            f"{method.upper()} {re.sub(r'{[^}]*}', '{}', path)}": operation
            for path, item in text["paths"].items()
            for method, operation in item.items()
        }

    def shape(self, schema: Mapping) -> Shape:
        if "$ref" in schema:
            target = self.text["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
            return self.shape(target)
        for word, joined in (("allOf", Shape.__and__), ("oneOf", Shape.__or__), ("anyOf", Shape.__or__)):
            if word in schema:
                return reduce(joined, map(self.shape, schema[word]))
        return _plain_shape(schema)


def _plain_shape(schema: Mapping) -> Shape:
    types, words = schema.get("type", ()), schema.get("enum")
    types = {types} if isinstance(types, str) else set(types)
    if words is not None and not types:
        types = {NAMES.get(type(word), "string") for word in words}
    if schema.get("nullable"):
        types.add("null")
    return Shape(
        frozenset(types),
        None if words is None else frozenset(words),
        schema.get("properties", {}),
        frozenset(schema.get("required", ())),
        schema.get("items"),
        {name: schema[name] for name in (*MOST, *LEAST, "pattern", "format") if name in schema},
    )


def _of_operation(before: Description, old: Mapping, after: Description, new: Mapping) -> Iterator[str]:
    if {} in old.get("security", [{}]) and {} not in new.get("security", [{}]):
        yield "asks for a login now"
    yield from _of_parameters(before, old, after, new)
    yield from _of_body(before, old.get("requestBody"), after, new.get("requestBody"))
    for status, answer in old["responses"].items():
        if not status.startswith("2"):
            continue
        if status not in new["responses"]:
            yield f"does not answer {status} any more"
            continue
        told = new["responses"][status].get("content", {})
        for kind, content in answer.get("content", {}).items():
            if kind not in told:
                yield f"{status} is not {kind} any more"
            else:
                there = f"answer {status}"
                yield from _lost(
                    before, content["schema"], after, told[kind]["schema"], there, is_answer=True
                )


def _of_parameters(before: Description, old: Mapping, after: Description, new: Mapping) -> Iterator[str]:
    known, given = ({_key(one): one for one in each.get("parameters", ())} for each in (old, new))
    for key, parameter in given.items():
        if parameter.get("required") and not known.get(key, {}).get("required"):
            yield f"parameter {key[1]} is required now"
    for key, parameter in known.items():
        if key not in given:
            yield f"parameter {key[1]} is gone"
        else:
            schemas = parameter["schema"], given[key]["schema"]
            yield from _lost(before, schemas[0], after, schemas[1], f"parameter {key[1]}", is_answer=False)


def _key(parameter: Mapping) -> tuple[str, str]:
    """Of a part of the path the name means nothing."""
    return parameter["in"], "" if parameter["in"] == "path" else parameter["name"]


def _of_body(
    before: Description, old: Mapping | None, after: Description, new: Mapping | None
) -> Iterator[str]:
    if new and new.get("required") and not (old and old.get("required")):
        yield "the body is required now"
    for kind, content in (old or {}).get("content", {}).items():
        taken = (new or {}).get("content", {})
        if kind not in taken:
            yield f"takes no {kind} any more"
        else:
            yield from _lost(before, content["schema"], after, taken[kind]["schema"], "body", is_answer=False)


def _lost(
    before: Description, old: Mapping, after: Description, new: Mapping, at: str, *, is_answer: bool, above=()
) -> Iterator[str]:
    """What of the schema is not there any more; in an answer, what may come that could not."""
    if (here := (old.get("$ref"), new.get("$ref"))) != (None, None):
        if here in above:
            return
        above = (*above, here)
    was, now = before.shape(old), after.shape(new)
    wide, narrow = (now, was) if is_answer else (was, now)
    yield from _lost_values(wide, narrow, at, is_answer=is_answer)
    if was.types and now.types and not was.types & now.types:
        return
    yield from _lost_fields(was, now, at, is_answer=is_answer)
    kept = was.fields.keys() & now.fields.keys()
    both = [(was.fields[name], now.fields[name], f"{at}: {name}") for name in sorted(kept)]
    if was.items is not None and now.items is not None:
        both.append((was.items, now.items, at))
    for one, other, there in both:
        yield from _lost(before, one, after, other, there, is_answer=is_answer, above=above)


def _lost_fields(was: Shape, now: Shape, at: str, *, is_answer: bool) -> Iterator[str]:
    for name in sorted(was.fields.keys() - now.fields.keys()):
        yield f"{at}: {name} is gone"
    more = was.required - now.required if is_answer else now.required - was.required
    for name in sorted(more & now.fields.keys()):
        yield f"{at}: {name} is {'not always there' if is_answer else 'required'} now"


def _lost_values(wide: Shape, narrow: Shape, at: str, *, is_answer: bool) -> Iterator[str]:
    """What the wide shape allows and the narrow one does not; new words of an answer are no break."""
    types = wide.types - narrow.types if wide.types else narrow.types
    if narrow.types and types and not (types == {"integer"} and "number" in narrow.types):
        yield f"{at} can be {', '.join(sorted(types))} now" if is_answer else f"{at} has fewer types"
    if not is_answer and narrow.words is not None and not (wide.words or {object()}) <= narrow.words:
        yield f"{at} takes fewer words"
    for name, limit in narrow.limits.items():
        if is_answer and name != "format":
            continue
        given = wide.limits.get(name)
        is_wider = given is not None and (
            (name in MOST and given <= limit) or (name in LEAST and given >= limit) or given == limit
        )
        if not is_wider:
            yield f"{at} has another {name}"
