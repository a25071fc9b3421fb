"""The permission table of `matrix.toml`, read once."""

import tomllib
from pathlib import Path

TABLE = tomllib.loads(Path(__file__).with_name("matrix.toml").read_text(encoding="utf-8"))

RELATIONS = tuple(TABLE["relations"])
STRANGERS = tuple(TABLE["strangers"])
KINDS = (
    "public",
    "common",
    "own",
    "running",
    "exporting",
    "reading",
    "describing",
    "caring",
    "importing",
    "releasing",
    "sheets",
    "preparing",
    "prompting",
    "recording",
    "headings",
    "logging",
    "timing",
    "covering",
)
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
FORM_STATES = ("none", "draft", "submitted", "correcting", "withdrawn")
ROUNDS = ("open", "closed")


def rows():
    """Every row of the table: route, with what it says by method."""
    return {name: row for kind in KINDS for name, row in TABLE[kind].items()}


def row_names():
    """The routes of all rows, also one that stands there twice."""
    return [name for kind in KINDS for name in TABLE[kind]]
