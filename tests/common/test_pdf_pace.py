"""The shorter ways of the PDF engine end where its own do."""

from weasyprint import css
from weasyprint.css import ComputedStyle

from career_portal.common import pdf_engine, pdf_pace

# What styles differ by: inheritance, the sides of boxes by either name, tables, decorations, pseudo-elements, variables.
PAGE = """<html lang="ja"><head><style>
:root { --ink: #0017c1 } html { font-size: 10pt; color: #333333 } body { visibility: hidden }
p { margin-inline-start: 9mm; margin-left: 3mm; border-bottom: 1mm solid var(--ink); visibility: visible }
p:dir(rtl), [dir=rtl] { direction: rtl } p::before { content: "・"; text-decoration: underline }
table { border-collapse: collapse } td { border: 0.3mm solid; padding-block: 2mm; width: calc(20mm + 10%) }
.a { float: left; position: relative; page: other } em { text-decoration: line-through; font-size: 80% }
@page other { size: A5 }
</style></head><body><p>一<em>二</em></p><p dir="rtl">三</p>
<table><tr><td>四</td><td class="a">五</td></tr></table><ul><li>六</li></ul><p class="a">七</p></body></html>"""


def rendered(source):
    return pdf_engine.render(source, title="題", stylesheet="css/pdf.css")


def test_pages_are_the_same_as_by_the_styles_of_the_engine(monkeypatch):
    quick = rendered(PAGE)
    assert css.ComputedStyle is pdf_pace.QuickStyle

    monkeypatch.setattr(css, "ComputedStyle", ComputedStyle)

    assert rendered(PAGE) == quick


def test_page_with_signs_that_xml_forbids_is_made_all_the_same():
    page = '<!DOCTYPE html>\n<html xmlns="http://www.w3.org/1999/xhtml"><body><p>前{}後</p></body></html>'

    assert pdf_engine.xhtml(page.format("中")).find("body/p").text == "前中後"
    assert pdf_engine.xhtml(page.format("\x08")) is None
    assert rendered(page.format("\x08")).startswith(b"%PDF")


def test_page_that_does_not_call_itself_xhtml_is_read_as_html():
    assert pdf_engine.xhtml("<html><body><p>前</p></body></html>") is None
