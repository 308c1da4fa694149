# SPDX-FileCopyrightText: The nv2 authors
# SPDX-License-Identifier: Apache-2.0
"""The part of JSON Schema that the client's schema uses; unknown keywords are an error, so that none is overlooked."""
from __future__ import annotations

import re

TYPES = {"object": dict, "string": str, "null": type(None), "integer": int, "array": list, "boolean": bool}
ANNOTATIONS = {"$schema", "title", "description"}


def _is(value: object, name: str) -> bool:
    return isinstance(value, TYPES[name]) and not (name == "integer" and isinstance(value, bool))


def problems_of(value: object, schema: dict, where: str = "$") -> list[str]:
    """What is wrong with `value`, nothing when it follows `schema`."""
    out: list[str] = []
    unknown = set(schema) - ANNOTATIONS - set(CHECKS) - {"properties", "then", "else"}
    if unknown:
        out.append(f"{where}: keywords not understood: {sorted(unknown)}")
    for keyword, check in CHECKS.items():
        if keyword in schema:
            out += check(value, schema, where)
    if isinstance(value, dict):
        for name, part in schema.get("properties", {}).items():
            if name in value:
                out += problems_of(value[name], part, f"{where}.{name}")
    return out


def _type(value, schema, where):
    wanted = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    return [] if any(_is(value, name) for name in wanted) else [f"{where}: {value!r} is not {wanted}"]


def _required(value, schema, where):
    if not isinstance(value, dict):
        return []
    return [f"{where}: {name} is missing" for name in schema["required"] if name not in value]


def _additional(value, schema, where):
    if not isinstance(value, dict):
        return []
    others = [name for name in value if name not in schema.get("properties", {})]
    return [p for name in others for p in problems_of(value[name], schema["additionalProperties"], f"{where}.{name}")]


def _pattern(value, schema, where):
    matches = not isinstance(value, str) or re.search(schema["pattern"], value)
    return [] if matches else [f"{where}: {value!r} does not match {schema['pattern']}"]


def _range(value, schema, where):
    inside = not _is(value, "integer") or schema.get("minimum", value) <= value <= schema.get("maximum", value)
    return [] if inside else [f"{where}: {value} is out of range"]


def _items(value, schema, where):
    entries = value if isinstance(value, list) else []
    return [p for i, entry in enumerate(entries) for p in problems_of(entry, schema["items"], f"{where}[{i}]")]


def _if(value, schema, where):
    branch = "else" if problems_of(value, schema["if"], where) else "then"
    return problems_of(value, schema.get(branch, {}), where)


CHECKS = {
    "type": _type,
    "const": lambda value, schema, where: [] if value == schema["const"] else [f"{where}: {value!r}"],
    "enum": lambda value, schema, where: [] if value in schema["enum"] else [f"{where}: {value!r}"],
    "required": _required,
    "additionalProperties": _additional,
    "pattern": _pattern,
    "minimum": _range,
    "maximum": _range,
    "allOf": lambda value, schema, where: [p for part in schema["allOf"] for p in problems_of(value, part, where)],
    "items": _items,
    "if": _if,
}
