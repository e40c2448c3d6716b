#!/usr/bin/env python3
"""validate_schema.py SCHEMA FILE...: checks JSON files, and NDJSON files line by line, against a
JSON Schema. "-" is NDJSON on standard input.

Exit status: 0 all valid, 1 a document is not, 2 a file cannot be read or the schema is wrong, 77
the package python3-jsonschema is missing (CTest: skipped).
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, Iterator

SKIPPED = 77
MOST_ERRORS = 20

try:
    import jsonschema
except ImportError:
    print("skipped: python3-jsonschema is not installed")
    sys.exit(SKIPPED)


def strict(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object; a key that stands in it twice is an error, which json.loads does not see."""
    keys = [key for key, _ in pairs]
    if len(set(keys)) != len(keys):
        raise ValueError(f"a key stands twice: {sorted(k for k in keys if keys.count(k) > 1)[0]}")
    return dict(pairs)


def refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def parse(text: str) -> Any:
    return json.loads(text, object_pairs_hook=strict, parse_constant=refuse_constant)


def documents(name: str) -> Iterator[tuple[str, Any]]:
    text = sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8")
    if name != "-" and not name.endswith(".ndjson"):
        yield name, parse(text)
        return
    for number, line in enumerate(text.splitlines(), 1):
        yield f"{name}:{number}", parse(line)


def load_validator(path: str) -> Any:
    schema = parse(Path(path).read_text(encoding="utf-8"))
    validator = jsonschema.validators.validator_for(schema)
    validator.check_schema(schema)
    return validator(schema)


def problems(validator: Any, document: Any) -> Iterator[str]:
    for error in validator.iter_errors(document):
        where = "/".join(str(step) for step in error.absolute_path) or "(top)"
        yield f"{where}: {error.message[:300]}"


def main(arguments: list[str]) -> int:
    if len(arguments) < 2:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        validator = load_validator(arguments[0])
        checked = wrong = 0
        for name in arguments[1:]:
            for label, document in documents(name):
                checked += 1
                for problem in problems(validator, document):
                    wrong += 1
                    if wrong <= MOST_ERRORS:
                        print(f"{label}: {problem}")
    except (OSError, ValueError, jsonschema.exceptions.SchemaError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    print(f"{checked} documents, {wrong} problems")
    return 1 if wrong or not checked else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
