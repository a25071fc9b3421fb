"""Developer command: cut the browser's fonts into slices.

    python -m career_portal.design.font_slices FOLDER

FOLDER is the unpacked npm package @expo-google-fonts/noto-sans-jp 0.4.3 (`npm pack`), which holds
Noto Sans JP 2.004 (SIL Open Font License 1.1) as one complete file per weight. Written are
static/fonts/*.woff2 and static/css/fonts.css; both are committed, so that only a change of
`kanji/` or a new version of Noto calls for this command. It takes about two minutes.

A browser loads a slice when a page holds a character of it. The slice "core" draws nearly every
page by itself: letters, kana, usual signs and the kanji of `kanji/core_WEIGHT.txt`. Those are the
kanji of our own pages, of the organisation, the questionnaire and common names, and for the regular
weight also of Japanese prose. "common" adds the next most frequent kanji (`kanji/common.txt`) and
the other signs of the standard JIS X 0208, "level1" the rest of that standard's usual kanji. What
is left is cut by code point, which keeps the stylesheet short.
"""

import sys
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

PROJECT = Path(__file__).resolve().parents[2]
FONT_FOLDER = PROJECT / "static" / "fonts"
STYLESHEET = PROJECT / "static" / "css" / "fonts.css"
KANJI_FOLDER = Path(__file__).with_name("kanji")

WEIGHTS = {400: "400Regular/NotoSansJP_400Regular.ttf", 700: "700Bold/NotoSansJP_700Bold.ttf"}
# Slices by code point: each begins where the one before ends.
REST = {"signs": 0, "kanji1": 0x3400, "kanji2": 0x6200, "kanji3": 0x7600, "kanji4": 0x8B00}
SLICES = ("core", "common", "level1", *REST)
FEATURES = ["kern", "palt", "halt"]

# Everything in the core that is no kanji: what keyboards type and what the pages draw.
CORE_BLOCKS = (
    range(0x0020, 0x007F),  # ASCII
    range(0x00A0, 0x0100),  # Latin-1
    range(0x2010, 0x2028),  # dashes, quotation marks, dots
    range(0x2030, 0x2040),  # per mille, primes, reference mark
    range(0x2190, 0x219A),  # arrows
    range(0x2460, 0x2474),  # 1 to 20 in circles
    range(0x25A0, 0x25D0),  # squares, triangles, circles
    range(0x2605, 0x2607),  # stars
    range(0x3000, 0x3020),  # CJK punctuation and brackets
    range(0x3041, 0x3100),  # kana
    range(0x3231, 0x3233),  # company signs
    range(0xFF01, 0xFFA0),  # full-width and half-width forms
    (0x2116, 0x2122, 0x2212, 0x221E, 0x2260, 0x2264, 0x2265, 0x22EF, 0x2713, 0x20AC, 0x3012),
)

# Kept in every slice: a name written with one must find the variant where its kanji lies.
VARIATION_SELECTORS = range(0xE0100, 0xE01F0)

STYLESHEET_HEAD = """\
/* Noto Sans JP for browsers, in slices that load when a page needs them. Written by
   career_portal/design/font_slices.py; do not edit. Licence: static/fonts/OFL.txt. */
"""


def jis_row(code: int) -> int | None:
    """Row of a character in JIS X 0208 (signs 1-8, kanji 16-47 and 48-84), None if not in it."""
    try:
        encoded = chr(code).encode("euc_jp")
    except UnicodeEncodeError:
        return None
    return encoded[0] - 0xA0 if len(encoded) == 2 and encoded[0] > 0xA0 else None


def listed_kanji(name: str) -> set[int]:
    """Code points that one of the lists in `kanji/` holds."""
    text = (KANJI_FOLDER / f"{name}.txt").read_text(encoding="utf-8")
    return {ord(sign) for sign in text if not sign.isspace()}


def slice_of(code: int, core: set[int], common: set[int]) -> str:
    """The one slice that a character of the font belongs to."""
    row = jis_row(code)
    if code in core:
        return "core"
    if code in common or (row and row <= 8):
        return "common"
    if row and row <= 47:
        return "level1"
    if 0xFB00 <= code <= 0xFFFF or 0x1F000 <= code <= 0x1FFFF:
        return "signs"
    return next(name for name in reversed(REST) if code >= REST[name])


def distribute(available: Iterable[int], weight: int) -> dict[str, list[int]]:
    """Put every character of the font into exactly one slice, in ascending order."""
    core = listed_kanji(f"core_{weight}").union(*CORE_BLOCKS)
    # With both cores in, all slices but the first two hold the same in both weights.
    common = listed_kanji("common").union(*(listed_kanji(f"core_{other}") for other in WEIGHTS))
    slices: dict[str, list[int]] = {name: [] for name in SLICES}
    for code in sorted(available):
        slices[slice_of(code, core, common)].append(code)
    return slices


def unicode_range(codes: Iterable[int], available: Iterable[int]) -> str:
    """The CSS descriptor's value. A run goes on over code points that the font lacks."""
    follower = dict(pairwise(sorted(available)))
    runs: list[list[int]] = []
    for code in codes:
        if runs and code == follower[runs[-1][1]]:
            runs[-1][1] = code
        else:
            runs.append([code, code])
    return ",".join(
        f"U+{first:X}" if first == last else f"U+{first:X}-{last:X}" for first, last in runs
    )


def write_slice(source: Path, codes: list[int], target: Path) -> None:
    """Write the named characters of one weight as WOFF2."""
    options = subset.Options()
    options.flavor = "woff2"
    options.hinting = False
    options.layout_features = FEATURES
    options.drop_tables += ["vhea", "vmtx", "BASE", "STAT"]
    font = subset.load_font(str(source), options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=[*codes, *VARIATION_SELECTORS])
    subsetter.subset(font)
    subset.save_font(font, str(target), options)


def font_face(weight: int, name: str, ranges: str) -> str:
    """The rule that offers one slice to the browser."""
    return (
        f'@font-face{{font-family:"Noto Sans JP";font-style:normal;font-weight:{weight};'
        f'font-display:swap;src:url("../fonts/noto-sans-jp-{weight}-{name}.woff2") format("woff2");'
        f"unicode-range:{ranges}}}\n"
    )


def main(arguments: list[str]) -> None:
    """Cut both weights of the package in the folder given."""
    (folder,) = map(Path, arguments)
    rules: dict[tuple[str, int], str] = {}
    for weight, file_name in WEIGHTS.items():
        available = TTFont(folder / file_name).getBestCmap()
        for name, codes in distribute(available, weight).items():
            target = FONT_FOLDER / f"noto-sans-jp-{weight}-{name}.woff2"
            write_slice(folder / file_name, codes, target)
            rules[name, weight] = font_face(weight, name, unicode_range(codes, available))
            sys.stdout.write(f"{target.name}: {len(codes)} characters, {target.stat().st_size:,}\n")
    # Both weights of a slice side by side: equal ranges then lie within reach of compression.
    ordered = [rules[name, weight] for name in SLICES for weight in WEIGHTS]
    STYLESHEET.write_text("".join([STYLESHEET_HEAD, *ordered]), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
