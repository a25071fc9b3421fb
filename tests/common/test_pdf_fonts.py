"""The two committed fonts of PDFs hold every kanji that a name may need."""

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
