"""A sheet on paper and on screen: four pages, released values alone, one mark for what is hidden, text that stays text."""

import io
import re
from dataclasses import replace
from functools import cache
from xml.etree import ElementTree

import pypdf
import pytest
from django.contrib.auth.models import AnonymousUser
from django.template.loader import render_to_string
from weasyprint.urls import FatalURLFetchingError

from career_portal.common import pdf_engine
from surveys.feedback_sheets.charts import BAR_LEFT, BAR_WIDTH, Bar, bands
from surveys.feedback_sheets.contents import contents
from surveys.feedback_sheets.disclosure.rounding import drawn, in_words
from surveys.feedback_sheets.discussion import bank, questions
from surveys.feedback_sheets.dumbbells import LEFT, USUAL_SCALE, WIDTH, Means, dumbbell
from surveys.feedback_sheets.figures import (
    HIDDEN,
    HIDDEN_IN_WORDS,
    MEASURES,
    Kind,
    LastYear,
    Level,
    Measure,
    Released,
    Spread,
)
from surveys.feedback_sheets.rendering import render_sheet, sheet_html
from surveys.feedback_sheets.words import difference, people
from tests.surveys.feedback.samples import (
    HOSTILE,
    OWN,
    SAMPLES,
    WISHES,
    all_hidden,
    asking,
    figures,
    hostile,
    joint,
    large,
    longest_section,
    of_kind,
    small,
)

A4 = (595.28, 841.89)
OWN_FONTS = {f"Career-Portal-PDF{part}" for part in ("", "-Bold", "-Core", "-Core-Bold")}
FIGURES = re.compile(r"[+−±]?\d[\d,]*(?:\.\d)?(?:%未満|%超|割以下|割以上|割未満|未満|超|%)?")


@cache
def made(name):
    """The PDF of a sample, made once for all tests."""
    return render_sheet(SAMPLES[name]())


@cache
def read(content):
    """The PDF as another program reads it."""
    return pypdf.PdfReader(io.BytesIO(content))


@cache
def text_of(content):
    """All text without spaces and ends of lines, which the layout makes."""
    return re.sub(r"\s", "", "".join(page.extract_text() for page in read(content).pages))


def figures_in(content, html):
    """Every figure of a sheet: in the text of its PDF, in the titles of its charts, in the PDF's own data."""
    reader = read(content)
    titles = re.findall("<title>(.*?)</title>", html)
    texts = [*(page.extract_text() for page in reader.pages), *titles, *reader.metadata.values()]
    return set(FIGURES.findall(" ".join(map(str, texts))))


def page_html(sheet, rf):
    """The page on the screen."""
    request = rf.get("/")
    request.user, request.session = AnonymousUser(), {}
    return render_to_string(
        "surveys/sheets/_screen.html", {"sheet": contents(sheet)}, request=request
    )


# Paper ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SAMPLES)
def test_every_sheet_has_four_pages_of_a4(name):
    reader = read(made(name))

    sizes = {tuple(round(float(n), 2) for n in page.mediabox[2:]) for page in reader.pages}
    assert len(reader.pages) == 4
    assert sizes == {A4}
    assert "4/4" in text_of(made(name))


@pytest.mark.parametrize("name", SAMPLES)
def test_every_sheet_is_xhtml_which_is_read_twenty_times_as_fast(name):
    root = ElementTree.fromstring(sheet_html(SAMPLES[name]()))  # noqa: S314  our own
    assert root.tag == "{http://www.w3.org/1999/xhtml}html"


def test_sheets_follow_the_questions_of_their_year():
    """As few as one of a kind or none leave four pages; more than ours make further ones, and nothing is lost."""
    few, many = render_sheet(asking(1, 0, 2)), render_sheet(asking(11, 11, 30))

    assert len(read(few).pages) == 4
    assert len(read(render_sheet(asking(9, 5, 21))).pages) == 4
    assert "振り返りの1項目" in text_of(few)
    assert "この年度の調書では、尋ねていません。" in text_of(few)
    said = text_of(many)
    assert "11の力の自己評価" in said
    for number in range(11):
        assert f"仕事について感じることその{number}" in said
    for number in range(30):
        assert f"分野その{number}" in said


def test_a_joint_unit_speaks_of_its_sections():
    said = text_of(made("joint"))
    assert "これらの課室" in said
    assert "この課室" not in said


def test_sheet_is_tagged_and_declares_pdf_ua():
    reader = read(made("large"))
    root = reader.trailer["/Root"]

    assert root["/MarkInfo"]["/Marked"].value is True
    assert "/StructTreeRoot" in root
    assert root["/Lang"] == "ja"
    assert b"pdfuaid" in root["/Metadata"].get_object().get_data()
    assert reader.metadata.title.startswith("課室別フィードバックシート 令和8年度")


@pytest.mark.parametrize("name", SAMPLES)
def test_every_font_is_embedded_and_every_sign_drawn(name):
    fonts = set()
    for page in read(made(name)).pages:
        for font in page["/Resources"]["/Font"].values():
            descriptor = font["/DescendantFonts"][0]["/FontDescriptor"].get_object()
            assert {"/FontFile2", "/FontFile3"} & set(descriptor)
            fonts.add(font["/BaseFont"].split("+")[1])

    assert fonts <= OWN_FONTS


def test_mark_of_classification_stands_on_every_page():
    pages = [page.extract_text() for page in read(made("large")).pages]

    assert all("機密性2情報（取扱注意）" in page for page in pages)


def test_joint_unit_names_its_members():
    text = text_of(made("joint"))

    assert f"{longest_section()}ほか" in text
    assert text.count(joint().actions[0].text) == 3
    assert text.count(f"担当：{joint().actions[0].driver}") == 3
    assert f"まとめた課室：{longest_section()}、自動車課、航空機武器産業課、宇宙産業課" in text


# Figures ----------------------------------------------------------------------------------------


def released_words(sheet):
    """Every value of a sheet in words, and what follows from two of them by rule."""
    found = set(re.findall(r"\d[\d,]*", "".join(people(sheet.count_band))))
    last_year = sheet.last_year.figures if sheet.last_year else {}
    for values in (sheet.figures, sheet.bureau, sheet.ministry, last_year):
        for value in values.values():
            found |= set(FIGURES.findall(in_words(value.value)))
    before = [sheet.last_year, sheet.bureau_before, sheet.ministry_before]
    for values, other in zip((sheet.figures, sheet.bureau, sheet.ministry), before, strict=True):
        for (code, measure), value in values.items():
            if measure is Measure.WISH_SHARE:
                continue
            found.add(difference(code, measure, value, other).text)
    for spread in sheet.spread.values():
        words = [in_words(v) for v in (spread.low, spread.median, spread.high)]
        found |= {*words, words[0].removesuffix("%")}
    return found | {in_words(sheet.response.value)}


@cache
def same_on_every_sheet():
    """Figures that stand on a sheet without values: years, scales, how to read. The wide scale has three steps more."""
    nothing = replace(
        all_hidden(), bureau={}, ministry={}, spread={}, bureau_before=None, ministry_before=None
    )
    return figures_in(render_sheet(nothing), sheet_html(nothing)) | {"5.0", "1.0", "1.5"}


@pytest.mark.parametrize("name", ["large", "small", "bureau", "ministry", "first_year"])
def test_sheet_holds_the_released_values_and_no_other_figure(name):
    sheet = SAMPLES[name]()

    printed = figures_in(made(name), sheet_html(sheet))

    assert printed - same_on_every_sheet() - released_words(sheet) == set()
    for asked in of_kind(Kind.REFLECTION):
        row = [sheet.figures[asked.code, measure] for measure in MEASURES[Kind.REFLECTION]]
        words = "".join(
            in_words(one.value) for one, m in zip(row, MEASURES[Kind.REFLECTION], strict=True)
        )
        assert words in text_of(made(name))


def test_screen_and_paper_hold_the_same_figures(rf):
    def words(html):
        body = html[html.index('class="cp-sheet') :]
        return set(FIGURES.findall(re.sub(r"<svg.*?</svg>|<[^>]+>|\s", "", body, flags=re.DOTALL)))

    sheet = large()
    paper, screen = words(sheet_html(sheet)), words(page_html(sheet, rf))

    assert {figure for figure in paper if "%" in figure or figure[0] in "+−±"} <= screen
    assert {figure for figure in screen if "%" in figure or figure[0] in "+−±"} <= paper


def test_hidden_values_have_one_mark_wherever_they_stand(rf):
    paper, screen = sheet_html(small()), page_html(small(), rf)
    content = made("small")
    own_rows = re.findall(r"<tr[^>]*data-own[^>]*>.*?</tr>", paper, flags=re.DOTALL)
    hidden = [row for row in own_rows if HIDDEN_IN_WORDS in row]

    assert len(hidden) == 2
    for row in hidden:
        assert row.count(f'<td role="cell"><span class="cp-sheet__none">{HIDDEN}</span></td>') == 4
        assert "rect" not in row.partition("<text")[0]
    for html in (paper, screen):
        marks = re.findall(rf"<[^>]+>{HIDDEN}<", html)
        assert set(marks) == {f'<span class="cp-sheet__none">{HIDDEN}<'}
    assert HIDDEN in text_of(content)
    assert HIDDEN_IN_WORDS in text_of(content)


def test_why_a_value_is_hidden_changes_nothing():
    few = large(figures={})
    none = large(figures={key: Released() for key in large().figures})

    assert sheet_html(few) == sheet_html(none)


def test_sheet_without_any_value_names_none_of_its_own():
    html = sheet_html(all_hidden())
    rows = re.findall(r"<tr[^>]*data-own[^>]*>.*?</tr>", html, flags=re.DOTALL)

    assert len(rows) == len(of_kind(Kind.REFLECTION))
    for row in rows:
        assert "%" not in re.sub(r"<svg.*?</svg>", "", row, flags=re.DOTALL)
        assert "この課室は表示していません" in row
    titles = {key: str(value) for key, value in read(made("all_hidden")).metadata.items()}
    assert titles["/Title"] == "課室別フィードバックシート 令和8年度（2026年度） 製造産業局 総務課"


def test_ministry_sheet_names_no_bureau():
    assert "製造産業局" not in text_of(made("ministry"))


# Last year --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "before", "text", "arrow"),
    [
        (Released("70", "20-24"), Released("45", "15-19"), "+25", "▲"),
        (Released("45", "20-24"), Released("70", "15-19"), "−25", "▼"),
        (Released("55", "20-24"), Released("45", "20-24"), "+10", ""),
        (Released("45", "20-24"), Released("45", "20-24"), "±0", ""),
        (Released("70", "20-24"), Released("45", "10-14"), "比較なし", ""),
        (Released("70", "10-14"), Released("45", "20-24"), "比較なし", ""),
        (Released(), Released("45", "20-24"), HIDDEN, ""),
        (Released("70", "20-24"), Released(), "比較なし", ""),
        (Released("<5", "20-24"), Released("45", "20-24"), "比較なし", ""),
        (Released("70", ">=1000"), Released(">95", "500-999"), "比較なし", ""),
    ],
)
def test_difference_needs_both_years_enough_answers_and_no_end_band(now, before, text, arrow):
    last_year = LastYear({("q", Measure.FAVOURABLE): before}, frozenset())

    found = difference("q", Measure.FAVOURABLE, now, last_year)

    assert (found.text, found.arrow) == (text, arrow)


def test_changed_wording_and_a_first_year_are_not_compared():
    last_year = LastYear({}, frozenset({"q"}))

    assert difference("q", Measure.MEAN, Released("3.2", "20-24"), last_year).text == "比較なし"
    assert difference("q", Measure.MEAN, Released("3.2", "20-24"), None).text == "比較なし"


# Drawings ---------------------------------------------------------------------------------------


def widths(svg, fill):
    """Lengths of the rectangles of one colour, in per cent of the bar."""
    found = re.findall(rf'<rect x="[\d.]+" y="[\d.]+" width="([\d.]+)"[^>]* fill="{fill}"', svg)
    return [round(float(width) / BAR_WIDTH * 100, 1) for width in found]


@pytest.mark.parametrize(
    ("favourable", "unfavourable"), [("70", "10"), ("<5", ">95"), ("85", "<5"), ("<=10", ">=90")]
)
def test_bars_are_as_long_as_the_released_values(favourable, unfavourable):
    svg = bands("題", [Bar(favourable, unfavourable, is_own=True)], Spread())

    assert widths(svg, "#0017c1") == [drawn(favourable)]
    assert widths(svg, "#c74700") == [drawn(unfavourable)]
    assert drawn("<5") == 2.5


def test_bars_that_add_up_to_more_than_the_whole_end_at_its_edge():
    svg = bands("題", [Bar("60", "45", is_own=True)], Spread())

    assert widths(svg, "#0017c1") == [60]
    assert widths(svg, "#c74700") == [40]


def test_hidden_bar_is_words_and_quartiles_stay():
    svg = bands("題", [Bar(HIDDEN, HIDDEN, is_own=True)], Spread("50", "60", "70"))

    assert HIDDEN_IN_WORDS in svg
    assert "#0017c1" not in svg
    assert widths(svg, "#e6e6e6") == [pytest.approx(20, abs=0.3)]
    assert svg.index("<title>") < svg.index("<path")
    assert f"M{BAR_LEFT:g}" in svg


def test_means_are_drawn_where_they_were_released():
    svg = dumbbell("題", Means("3.5", before="3.0"), Spread(), USUAL_SCALE)

    assert f'cx="{LEFT + WIDTH * 0.6:g}"' in svg
    assert f'cx="{LEFT + WIDTH * 0.4:g}"' in svg
    assert "<circle" not in dumbbell("題", Means(HIDDEN, ministry="3.0"), Spread(), USUAL_SCALE)


# At a glance and the discussion -----------------------------------------------------------------


def points(sheet):
    """Names at a glance by column."""
    return [[one.name for one in column.points] for column in contents(sheet).glance.columns]


def test_points_follow_the_printed_rule():
    assert points(large()) == [
        ["仕事の意義", "上司とのキャリアの対話"],
        ["5年後の見通し", "語学を伸ばしたい人"],
        ["上司とのキャリアの対話", "A3 協働力"],
    ]


def test_quartile_alone_or_distance_alone_names_no_item():
    near = large(ministry=figures(">=1000", OWN, ("3.0",) * 5))
    without = large(spread={})

    for sheet in (near, without):
        found = contents(sheet).glance
        assert not found.strong
        assert not found.weak


def test_every_column_has_two_places():
    for build in SAMPLES.values():
        assert [len(column) for column in points(build())] == [2, 2, 2]


def test_bank_has_questions_for_every_level_and_item():
    assert len(bank()) >= 20
    assert len({question.code for question in bank()}) == len(bank())
    for level in Level:
        usual = [one for one in bank() if one.when == "always" and level in one.levels]
        assert len(usual) >= 3
    codes = {asked.code for asked in of_kind(Kind.REFLECTION)}
    assert {code for question in bank() for code in question.about} <= codes


@pytest.mark.parametrize("name", SAMPLES)
def test_three_different_questions_are_asked(name):
    sheet = SAMPLES[name]()

    found = questions(sheet, contents(sheet).glance)

    assert len(set(found)) == 3
    assert not any("{" in question for question in found)


def test_wishes_stand_once_in_the_map_or_below_it():
    gaps = contents(small()).gaps
    shown = [wish.name for _, fields in gaps.rows for one in fields for wish in one.wishes]

    assert len(shown) + len(gaps.hidden) == len(WISHES)
    assert set(gaps.hidden) == {"化学・バイオ・ヘルスケア", "地域・福島・中小企業", "税"}


# Hostile text -----------------------------------------------------------------------------------


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text_on_four_pages(text, monkeypatch, caplog):
    caplog.set_level("WARNING", logger="weasyprint")
    asked_for = []
    fetch = pdf_engine.AssetFetcher.fetch

    def watched(self, url, headers=None):
        asked_for.append(url)
        return fetch(self, url, headers)

    monkeypatch.setattr(pdf_engine.AssetFetcher, "fetch", watched)
    content = render_sheet(hostile(text))
    reader, printed = read(content), text_of(content)

    assert len(reader.pages) == 4
    assert not reader.attachments
    assert all(url.startswith("asset:") for url in asked_for)
    assert re.sub(r"\s", "", text)[:12] in printed
    assert len(printed) < 6_000
    assert ".notdef" not in caplog.text
    if len(text) > 1_000:
        assert f"{text[0]}…" in printed


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_escaped_on_the_screen(text, rf):
    html = page_html(hostile(text), rf)

    for tag in ("<script>alert", "<img src=file", "<image", "<link rel=attachment"):
        assert tag not in html
    assert " style=" not in html
    assert len(html) < 200_000


def test_file_is_refused():
    with pytest.raises(FatalURLFetchingError):
        pdf_engine.AssetFetcher().fetch("file:///etc/passwd")
