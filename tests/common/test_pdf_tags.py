"""What a screen reader is told about a PDF that uses every class of pdf.css."""

import io

import pypdf
import pytest

from career_portal.common import pdf

DOCUMENT = """<!doctype html>
<html lang="ja"><head><meta charset="utf-8"><title>希望調書の控え</title></head>
<body>
<header class="pdf-cover" data-running-title="控え" data-running-mark="1" data-running-foot="作成">
<p class="pdf-cover__kind"><span class="pdf-cover__year">令和8年度</span><strong>控え</strong></p>
<p class="pdf-cover__place">情報経済課</p><h1>髙﨑 𠮷乃</h1>
<table class="pdf-facts"><thead><tr><th scope="col">受付番号</th><th scope="col">版</th></tr></thead>
<tbody><tr><td data-size="lg">12</td><td>第2版</td></tr></tbody></table>
<p class="pdf-lead">写しです。</p></header>
<section class="pdf-part">
<header class="pdf-part__head"><h2>① 振り返り</h2><p class="pdf-readers">読む人：本人</p></header>
<table class="pdf-rows"><tbody>
<tr><th scope="row">取り組んだこと</th><td><p class="pdf-text">実証事業</p></td></tr>
<tr><th scope="row">経験</th><td><ul class="pdf-list"><li>出向</li><li>留学</li></ul></td></tr>
</tbody></table><p class="pdf-note pdf-part__note">集計にも使われます</p></section>
<section class="pdf-part">
<header class="pdf-part__head"><h2>② 能力</h2><p class="pdf-readers">読む人：本人</p></header>
<section class="pdf-group"><h3>A1</h3><table class="pdf-rows"><tbody>
<tr><th scope="row">段階</th><td><p class="pdf-level">自分でできる</p>
<p class="pdf-level__anchor">説明</p></td></tr></tbody></table></section>
<table class="pdf-table"><thead><tr><th scope="col">分野</th><th scope="col">経験</th></tr></thead>
<tbody><tr><th scope="row">通商</th><td>ある</td></tr></tbody></table></section>
<p class="pdf-callout">次の一歩</p><p class="pdf-colophon">おわり</p>
</body></html>"""

ALLOWED_CHILDREN = {
    "/L": {"/L", "/LI", "/Caption"},
    "/Table": {"/TR", "/THead", "/TBody", "/TFoot", "/Caption"},
    "/THead": {"/TR"},
    "/TBody": {"/TR"},
    "/TR": {"/TH", "/TD"},
}


@pytest.fixture(scope="module")
def elements():
    """Every element of the tag tree with its parent's kind, in reading order."""
    reader = pypdf.PdfReader(io.BytesIO(pdf.render_pdf(DOCUMENT, title="希望調書の控え")))
    return list(walk(reader.trailer["/Root"]["/StructTreeRoot"], parent=None))


def walk(node, parent):
    kind = node.get("/S", "/Root")
    yield kind, parent, node
    kids = node.get("/K", [])
    for kid in kids if isinstance(kids, list) else [kids]:
        if isinstance(child := kid.get_object(), dict):
            yield from walk(child, kind)


def test_headings_come_in_order(elements):
    kinds = [kind for kind, _, _ in elements if kind in {"/H1", "/H2", "/H3"}]

    assert kinds == ["/H1", "/H2", "/H2", "/H3"]


def test_lists_and_tables_hold_only_what_they_may(elements):
    strays = {
        (parent, kind)
        for kind, parent, _ in elements
        if parent in ALLOWED_CHILDREN and kind not in ALLOWED_CHILDREN[parent]
    }

    assert strays == set()


def test_every_answer_names_its_question(elements):
    cells = [node for kind, _, node in elements if kind == "/TD"]

    assert len(cells) == 6
    assert all(cell["/A"]["/Headers"] for cell in cells)


def test_the_eye_is_decoration(elements):
    assert "/Figure" not in {kind for kind, _, _ in elements}
