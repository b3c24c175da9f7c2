"""Write bot/simulator/bot_api.json from a machine-readable description of the Telegram Bot API.

Usage: python tools/bot_api_spec.py telegram-bot-api-10.1.json telegram-bot-api-10.1.LICENSE

Only facts are taken (names, types, what is required, fixed discriminators), never the prose. In the result a
required field's name ends in `*`, alternatives are joined by `|`, and `=word` is a string that is always `word`.
"""

import json
import re
import sys
from pathlib import Path
from typing import Any

TARGET = Path(__file__).parent.parent / "bot" / "simulator"
ORIGIN = "Facts of {version}, from a description under the MIT License, copyright (c) 2020 Paul Larsen; see {notice}."
DISCRIMINATORS = ("type", "status", "source")
FIXED_WORD = re.compile(r"(?:must be|always) [\"“]?(?P<word>[a-z0-9_]+)[\"”]?\s*$")


def kind(field: dict[str, Any]) -> str:
    """A field's type, or its one possible word where the description fixes it."""
    fixed = FIXED_WORD.search(field["description"])
    if fixed and field["name"] in DISCRIMINATORS:
        return "=" + fixed["word"]
    return "|".join(field["types"])


def fields(owner: dict[str, Any]) -> dict[str, str]:
    return {field["name"] + "*" * field["required"]: kind(field) for field in owner.get("fields", [])}


def compact(source: dict[str, Any], notice: str) -> dict[str, Any]:
    return {
        "origin": ORIGIN.format(version=source["version"], notice=notice),
        "methods": {
            name: {"takes": fields(method), "returns": "|".join(method["returns"])}
            for name, method in source["methods"].items()
        },
        "types": {name: item.get("subtypes") or fields(item) for name, item in source["types"].items()},
    }


def main(source: str, notice: str) -> None:
    target_notice = TARGET / "bot_api.LICENSE"
    target_notice.write_text(Path(notice).read_text())
    description = json.loads(Path(source).read_text())
    result = json.dumps(compact(description, target_notice.name), indent=0, separators=(",", ":"))
    (TARGET / "bot_api.json").write_text(result + "\n")
    print(f"{description['version']}: {len(description['methods'])} methods, {len(description['types'])} types")


if __name__ == "__main__":
    main(*sys.argv[1:])
