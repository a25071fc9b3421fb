"""What the README files name is there."""

import re

import pytest

from career_portal.local import up
from career_portal.local.bootstrap import PROJECT

FOLDERS = [
    PROJECT / name
    for name in (
        "career_portal",
        "surveys",
        "postings",
        "interviews",
        "templates",
        "static",
        "fixtures",
        "tests",
    )
]
HANDBOOK = PROJECT / "README.md"
PAGES = [HANDBOOK, *(page for folder in FOLDERS for page in sorted(folder.rglob("README.md")))]
LINK = re.compile(r"\]\(([^)#:]+)\)|src=\"([^\"]+)\"")
PATH = re.compile(r"`([a-z][\w.-]*/[\w./-]*|[\w-]+\.(?:py|toml|css|js|json|csv|html|md))`")


def identify(page):
    return str(page.relative_to(PROJECT))


@pytest.mark.parametrize("page", PAGES, ids=identify)
def test_links_lead_somewhere(page):
    links = [one or other for one, other in LINK.findall(page.read_text())]
    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=identify)
def test_files_named_are_there(page):
    names = PATH.findall(page.read_text())
    assert [name for name in names if not is_there(name, page)] == []


def is_there(name, page):
    """Whether a name leads on from the top or from the page, or is the end of some path."""
    if (PROJECT / name).exists() or (page.parent / name).exists():
        return True
    return any(True for folder in FOLDERS for _ in folder.glob(f"**/{name}"))


def test_every_sign_in_and_every_option_of_up_is_explained(capsys):
    with pytest.raises(SystemExit):
        up.parse(["--help"])
    options = set(re.findall(r"--[a-z-]+", capsys.readouterr().out)) - {"--help"}
    text = HANDBOOK.read_text()
    assert [name for name in (*up.SIGN_INS, *options) if f"`{name}" not in text] == []
