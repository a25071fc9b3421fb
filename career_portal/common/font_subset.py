"""Developer command: make the fonts that PDFs embed.

    python -m career_portal.common.font_subset [FOLDER]

FOLDER holds NotoSansCJK-Regular.ttc and NotoSansCJK-Bold.ttc (version 2.004, SIL Open Font
License 1.1), as Debian's package fonts-noto-cjk installs them. The Japanese face is taken without
its Hangul: every kanji, kana and symbol that it can draw stays, with the variation sequences that
names are written with. What is left out is what no PDF needs: hinting and the historical forms.
Of each a core is made that holds what is usual: embedding a part of a small font takes a quarter of the time, and half the
room. The result is committed, so that nobody who runs the portal needs this command or the package.
"""

import sys
from collections.abc import Callable
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

SOURCE_FOLDER = Path("/usr/share/fonts/opentype/noto")
OUTPUT_FOLDER = Path(__file__).with_name("fonts")
JAPANESE_FACE = 0
# A name of its own tells the committed font from one that happens to be installed on a machine.
FAMILY = "Career Portal PDF"

HANGUL = (
    range(0x1100, 0x1200),
    range(0x3130, 0x3190),
    range(0xA960, 0xA980),
    range(0xAC00, 0xD800),
    range(0xFFA0, 0xFFE0),
)
VARIATION_SELECTORS = (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))
# Kanji from the first row of the second level of JIS X 0208 on are not usual.
SECOND_LEVEL = b"\xd0"
FEATURES = ["ccmp", "kern", "mark", "palt", "halt", "vert", "vkrn", "vpal", "vhal"]


def wanted_characters(font: TTFont) -> list[int]:
    """Code points of the face that PDFs may need: all but Hangul."""
    available = font.getBestCmap()
    return [code for code in available if not any(code in block for block in HANGUL)]


def usual_characters(font: TTFont) -> list[int]:
    """Code points of the core: signs, kana, letters, and the kanji of the first level of JIS X 0208."""
    return [code for code in font.getBestCmap() if _is_usual(code)]


def _is_usual(code: int) -> bool:
    if code < 0x3200 or 0xFF00 <= code < 0xFFF0:
        return True
    try:
        place = chr(code).encode("euc_jp")
    except UnicodeEncodeError:
        return False
    return len(place) == 2 and place < SECOND_LEVEL


def rename(font: TTFont, family: str, style: str) -> None:
    """Write the subset's own name over the family, full and PostScript names."""
    postscript = f"{family.replace(' ', '')}-{style}"
    names = {1: family, 3: postscript, 4: f"{family} {style}", 6: postscript, 16: family}
    for record in list(font["name"].names):
        if record.nameID in names:
            font["name"].setName(
                names[record.nameID],
                record.nameID,
                record.platformID,
                record.platEncID,
                record.langID,
            )
    font["CFF "].cff.fontNames = [postscript]


def make_subset(
    source: Path, target: Path, style: str, *, family: str, wanted: Callable[[TTFont], list[int]]
) -> None:
    """Write the part of one weight that PDFs use as an OpenType file."""
    options = subset.Options()
    options.font_number = JAPANESE_FACE
    options.layout_features = FEATURES
    options.hinting = False
    options.notdef_outline = True
    options.name_IDs = ["*"]
    font = subset.load_font(str(source), options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=[*wanted(font), *VARIATION_SELECTORS])
    subsetter.subset(font)
    rename(font, family, style)
    subset.save_font(font, str(target), options)
    sys.stdout.write(f"{target.name}: {target.stat().st_size:,} bytes\n")


def main(arguments: list[str]) -> None:
    """Make both weights from the folder named first, else from where Debian puts them."""
    folder = Path(arguments[0]) if arguments else SOURCE_FOLDER
    for style in ("Regular", "Bold"):
        whole = OUTPUT_FOLDER / f"career-portal-pdf-{style.lower()}.otf"
        core = OUTPUT_FOLDER / f"career-portal-pdf-core-{style.lower()}.otf"
        source = folder / f"NotoSansCJK-{style}.ttc"
        make_subset(source, whole, style, family=FAMILY, wanted=wanted_characters)
        make_subset(whole, core, style, family=f"{FAMILY} Core", wanted=usual_characters)


if __name__ == "__main__":
    main(sys.argv[1:])
