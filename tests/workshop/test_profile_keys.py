"""The documentation of contract profiles names each key that the schema knows."""

import json

from workshop import profile_keys


def test_the_tables_are_those_of_the_schema():
    text = profile_keys.PAGE.read_text("utf-8")
    assert profile_keys.page(text) == text, "python -m workshop.profile_keys writes them again"


def test_each_key_has_a_meaning():
    known = json.loads(profile_keys.SCHEMA.read_text("utf-8"))["$defs"]
    for _title, name in profile_keys.TABLES:
        for key, one in known[name]["properties"].items():
            assert one.get("title") or key == "note", f"{name}: {key}"
