"""The committed fonts of PDFs hold every kanji that a name may need, their cores what is usual."""

import pytest
from fontTools.ttLib import TTFont

from career_portal.common.pdf_engine import ASSETS

# Number of kanji in the Japanese face of Noto Sans CJK 2.004, by Unicode block.
KANJI_BLOCKS = {
    "CJK Unified": (range(0x4E00, 0xA000), 20976),
    "Extension A": (range(0x3400, 0x4DC0), 6582),
    "Extension B": (range(0x20000, 0x2A6E0), 2108),
    "Compatibility": (range(0xF900, 0xFB00), 366),
    "Compatibility supplement": (range(0x2F800, 0x2FA20), 55),
}


@pytest.fixture(scope="module", params=["regular.otf", "bold.otf"])
def font(request):
    path, _ = ASSETS[request.param]
    with TTFont(path, lazy=True) as opened:
        yield opened


@pytest.mark.parametrize("block", KANJI_BLOCKS)
def test_font_holds_every_kanji_of_the_block(font, block):
    codes, number = KANJI_BLOCKS[block]

    assert sum(code in codes for code in font.getBestCmap()) == number


def test_font_keeps_the_variation_sequences_of_names(font):
    (sequences,) = [table for table in font["cmap"].tables if table.format == 14]

    assert sum(len(pairs) for pairs in sequences.uvsDict.values()) == 14787


def test_font_carries_a_name_of_its_own(font):
    assert font["name"].getBestFamilyName() == "Career Portal PDF"
    assert "Open Font License" in font["name"].getDebugName(13)


@pytest.mark.parametrize("weight", ["regular", "bold"])
def test_core_holds_what_is_usual_as_the_whole_font_does(weight):
    with (
        TTFont(ASSETS[f"core-{weight}.otf"][0], lazy=True) as core,
        TTFont(ASSETS[f"{weight}.otf"][0], lazy=True) as whole,
    ):
        signs, names = core.getBestCmap(), whole.getBestCmap()
        places = (bytes((row, cell)) for row in range(0xB0, 0xD0) for cell in range(0xA1, 0xFF))
        usual = "".join(place.decode("euc_jp", "ignore") for place in places)
        widths, of_whole = core["hmtx"].metrics, whole["hmtx"].metrics

        assert len(usual) == 2965
        assert {*map(ord, usual), *range(0x20, 0x7F), *range(0x3041, 0x3097)} <= signs.keys()
        assert all(widths[signs[code]] == of_whole[names[code]] for code in signs)
        assert len(signs) < 6_000
        assert core["name"].getBestFamilyName() == "Career Portal PDF Core"
