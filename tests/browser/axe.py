"""axe-core on a page, with its findings in Japanese."""

import json
from functools import cache
from pathlib import Path

AXE = Path(__file__).parents[1] / "vendor" / "axe"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = """([locale, tags]) => {
    axe.configure({ locale });
    return axe.run(document, { runOnly: { type: "tag", values: tags }, resultTypes: ["violations"] });
}"""


@cache
def engine():
    return (AXE / "axe.min.js").read_text(encoding="utf-8")


@cache
def japanese():
    return json.loads((AXE / "ja.json").read_text(encoding="utf-8"))


def findings(page):
    """What breaks WCAG 2.2 A or AA or a best practice on the page as it is now."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(engine())
    result = page.evaluate(RUN, [japanese(), TAGS])
    return [
        f"{violation['id']}: {violation['help']}: {node['html']}"
        for violation in result["violations"]
        for node in violation["nodes"]
    ]
