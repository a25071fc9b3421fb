import io
import logging
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pypdf
import pytest

from career_portal.common import pdf

NAMES = "髙﨑𠮷濵瀨桒槗栁德𣘺"
EXTENSION_A = "㐂㑨䂓䄅"
COMPATIBILITY = "神祥福靖\U0002f80f\U0002f815"
SIGNS = "①⑳㈱㍻～―…★※◎→ｱﾞ￥Ⅳ"
OWN_FONTS = {"Career-Portal-PDF", "Career-Portal-PDF-Bold"}


def page(body: str) -> str:
    """A whole page around what the test is about."""
    return (
        '<!doctype html><html lang="ja"><head><meta charset="utf-8"><title>控え</title></head>'
        f"<body>{body}</body></html>"
    )


def read(content: bytes) -> pypdf.PdfReader:
    """The PDF as a reader that other programs could be."""
    return pypdf.PdfReader(io.BytesIO(content))


def text_of(content: bytes) -> str:
    """All text of a PDF, without the line breaks that the layout made."""
    return "".join(sheet.extract_text() for sheet in read(content).pages).replace("\n", "")


def embedded_fonts(content: bytes) -> set[str]:
    """Names of the fonts in a PDF; each must be embedded."""
    names = set()
    for sheet in read(content).pages:
        for font in sheet["/Resources"]["/Font"].values():
            descriptor = font["/DescendantFonts"][0]["/FontDescriptor"]
            assert {"/FontFile2", "/FontFile3"} & set(descriptor.get_object())
            names.add(font["/BaseFont"].split("+")[1])
    return names


@pytest.mark.parametrize("text", [NAMES, EXTENSION_A, COMPATIBILITY, SIGNS])
@pytest.mark.parametrize("element", ["p", "h1"])
def test_rare_characters_are_drawn_and_read_back(text, element, caplog):
    caplog.set_level(logging.WARNING, logger="weasyprint")

    content = pdf.render_pdf(page(f"<{element}>{text}</{element}>"), title="控え")

    assert text in text_of(content)
    assert embedded_fonts(content) <= OWN_FONTS
    assert ".notdef" not in caplog.text


def test_emoji_in_free_text_are_drawn(caplog):
    caplog.set_level(logging.WARNING, logger="weasyprint")

    content = pdf.render_pdf(page("<p>楽しみです😊🎉</p>"), title="控え")

    assert "楽しみです😊🎉" in text_of(content)
    assert embedded_fonts(content) == {"Career-Portal-PDF", "Career-Portal-PDF-Emoji"}
    assert ".notdef" not in caplog.text


def test_machine_without_any_font_makes_the_same_document(tmp_path):
    """A bare server has none: whatever the fonts of this machine draw must not be needed."""
    bare = tmp_path / "fonts.conf"
    bare.write_text(f"<fontconfig><cachedir>{tmp_path}</cachedir></fontconfig>")
    script = (
        "import sys, django; django.setup();"
        "from career_portal.common.pdf import render_pdf;"
        f"html = {page(f'<h1>{NAMES}</h1><p>{SIGNS}</p>')!r};"
        "sys.stdout.buffer.write(render_pdf(html, title='控え'))"
    )

    made = subprocess.run(
        [sys.executable, "-c", script],
        cwd=Path(__file__).parents[2],
        env={**os.environ, "FONTCONFIG_FILE": str(bare)},
        capture_output=True,
        check=True,
    )

    assert text_of(made.stdout) == f"{NAMES}{SIGNS}1 / 1"
    assert embedded_fonts(made.stdout) == OWN_FONTS


def test_missing_glyph_is_noticed_where_a_test_looks_for_it(caplog):
    """Proves that the test above is able to fail."""
    caplog.set_level(logging.WARNING, logger="weasyprint")

    pdf.render_pdf(page("<p>\U0010fffd</p>"), title="控え")

    assert ".notdef" in caplog.text


def test_characters_of_the_text_reach_no_log(caplog):
    logging.getLogger("weasyprint").setLevel(logging.ERROR)

    pdf.render_pdf(page("<p>\U0010fffd</p>"), title="控え")

    assert caplog.text == ""


def test_name_with_variation_selector_keeps_its_kanji_and_takes_the_variant():
    plain = pdf.render_pdf(page("<p>葛城</p>"), title="控え")
    variant = pdf.render_pdf(page("<p>葛\U000e0100城</p>"), title="控え")

    assert "葛" in text_of(variant)
    assert "城" in text_of(variant)
    assert embedded_fonts(variant) <= OWN_FONTS
    assert glyph_numbers(plain) != glyph_numbers(variant)


def glyph_numbers(content: bytes) -> list[str]:
    """The glyphs of the first page in the order they are drawn."""
    operations = read(content).pages[0].get_contents().operations
    return [str(operands) for operands, operator in operations if operator in {b"TJ", b"Tj"}]


def test_text_keeps_its_line_breaks_and_spaces():
    content = pdf.render_pdf(page('<p class="pdf-text">一行目\n\n　三行目</p>'), title="控え")

    lines = read(content).pages[0].extract_text().splitlines()

    assert lines.index("　三行目") > lines.index("一行目")


def test_document_is_tagged_and_names_its_language_and_title():
    reader = read(pdf.render_pdf(page("<h1>希望調書</h1>"), title="希望調書の控え"))
    root = reader.trailer["/Root"]

    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert root["/Lang"] == "ja"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata.title == "希望調書の控え"
    assert b'pdfuaid:part="1"' in root["/Metadata"].get_data() or (
        b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data()
    )


def test_pages_are_numbered_and_carry_the_running_lines():
    cover = (
        '<header class="pdf-cover" data-running-title="希望調書の控え"'
        ' data-running-mark="受付番号 12" data-running-foot="本人の控え"><h1>名前</h1></header>'
    )
    rest = '<section class="pdf-part" data-break="page"><h2>次の頁</h2></section>'

    first, second = (
        sheet.extract_text()
        for sheet in read(pdf.render_pdf(page(cover + rest), title="控え")).pages
    )

    assert "1 / 2" in first
    assert "2 / 2" in second
    assert "希望調書の控え" not in first
    assert "希望調書の控え" in second
    assert all("受付番号 12" in text and "本人の控え" in text for text in (first, second))


def test_long_answer_runs_over_the_page_without_losing_a_line():
    lines = [f"第{number}行に書いたこと" for number in range(1, 121)]
    answer = "\n".join(lines)
    row = f'<tr><th scope="row">問い</th><td><p class="pdf-text">{answer}</p></td></tr>'

    content = pdf.render_pdf(page(f'<table class="pdf-rows">{row}</table>'), title="控え")

    assert len(read(content).pages) > 1
    assert re.findall(r"第\d+行に書いたこと", text_of(content)) == lines


def test_two_threads_each_get_their_own_document():
    with ThreadPoolExecutor(2) as pool:
        texts = [f"{number}人目の控え" for number in range(4)]
        contents = pool.map(lambda text: pdf.render_pdf(page(f"<p>{text}</p>"), title=text), texts)

        assert [text_of(content).split("1 / 1")[0].strip() for content in contents] == texts


def test_machine_without_the_libraries_gets_a_sentence(monkeypatch):
    def refuse(name: str) -> None:
        raise OSError(f"cannot load library 'libpango' for {name}")

    monkeypatch.setattr(pdf.importlib, "import_module", refuse)
    pdf._engine.cache_clear()

    with pytest.raises(pdf.PdfUnavailable) as refusal:
        pdf.render_pdf(page(""), title="控え")

    assert "PDFを作れません" in refusal.value.sentence
