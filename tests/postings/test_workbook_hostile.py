"""Files that nobody should trust: each is refused with one sentence, or its cells are, and nothing changes."""

import io
import tracemalloc
import zipfile
import zlib

import pytest
from openpyxl import Workbook
from openpyxl.comments import Comment

from career_portal.common import packages, tables
from career_portal.common.tables import MOST_ROWS, UnreadableFile
from career_portal.staff.roles import Role
from postings.models import PostDescription, PostImport
from postings.workbook.columns import COLUMNS, SHEET
from tests.factories.postings import framework
from tests.factories.staff import RoleGrantFactory, SectionFactory
from tests.postings.workbooks import (
    PLACES,
    as_csv,
    checked,
    counts,
    edited,
    new_row,
    problems,
)

pytestmark = pytest.mark.django_db
State = PostImport.State
MEGABYTE = 1_000_000
LONG = "".join(chr(0x4E00 + number * 7919 % 20_000) for number in range(MEGABYTE))
CFB = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504)
ENTITIES = b"""<?xml version="1.0"?><!DOCTYPE worksheet [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;">]><worksheet>&d;</worksheet>"""
OUTSIDE = b"""<?xml version="1.0"?><!DOCTYPE worksheet [<!ENTITY a SYSTEM "file:///etc/passwd">]><worksheet>&a;</worksheet>"""


@pytest.fixture
def hr():
    framework()
    return RoleGrantFactory(role=Role.HR).user


@pytest.fixture
def row():
    return new_row(SectionFactory())


def workbook(rows, prepare=None):
    """A workbook of rows by the names of columns, as Excel writes it, after something was done to its sheet."""
    book = Workbook()
    sheet = book.active
    sheet.title = SHEET
    sheet.append([column.title for column in COLUMNS])
    for cells in rows:
        sheet.append([cells.get(column.name, "") for column in COLUMNS])
    if prepare:
        prepare(sheet)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def repacked(content, parts, *, without=()):
    """A package with other parts in it."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for entry in old.infolist():
            if entry.filename not in {*parts, *without}:
                new.writestr(entry, old.read(entry.filename))
        for name, part in parts.items():
            new.writestr(name, part)
    return target.getvalue()


def part(content, name):
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return package.read(name)


def replaced(content, old, new, name="xl/worksheets/sheet1.xml"):
    text = part(content, name)
    assert old in text
    return repacked(content, {name: text.replace(old, new)})


def shared(content, word, item):
    """A package that keeps one of its texts as Excel does: among the shared ones."""
    inline = f't="inlineStr"><is><t>{word}</t></is>'
    content = replaced(content, inline.encode(), b't="s"><v>1</v>')
    texts = f"<x:sst xmlns:x='a'><x:si><x:t>ほか</x:t></x:si><x:si>{item}</x:si></x:sst>"
    return repacked(content, {"xl/sharedStrings.xml": texts})


def with_bit(content, offset_in_entry, value):
    """A package whose directory says something else about every entry."""
    content = bytearray(content)
    place = content.find(b"PK\x01\x02")
    while place >= 0:
        content[place + offset_in_entry] |= value
        place = content.find(b"PK\x01\x02", place + 1)
    return bytes(content)


SHEET_PART = "xl/worksheets/sheet1.xml"
HOSTILE = {
    "empty": (lambda _: b"", "空です"),
    "PDF": (lambda _: b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "として読めません"),
    "picture": (lambda _: b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "として読めません"),
    "old Excel": (lambda _: CFB, "古い形式"),
    "encrypted": (
        lambda _: CFB + "EncryptedPackage".encode("utf-16-le"),
        "パスワードで保護",
    ),
    "encrypted ZIP": (lambda file: with_bit(file, 8, 1), "パスワードで保護"),
    "too large": (lambda _: b"a" * (20 * 1024 * 1024 + 1), "大きすぎます"),
    "cut off": (lambda file: file[: len(file) // 2], "切れている"),
    "begins as a package": (lambda _: b"PK\x03\x04" + b"?" * 100, "切れている"),
    "no workbook": (lambda file: repacked(file, {}, without=["xl/workbook.xml"]), "ではありません"),
    "text document": (
        lambda _: repacked(empty_package(), {"word/document.xml": b"<w/>"}),
        "ではありません",
    ),
    "bomb of a ratio": (
        lambda file: repacked(file, {"xl/media/a.xml": b"\0" * 30 * MEGABYTE}),
        "極端に大きく",
    ),
    "bomb of many": (
        lambda file: repacked(
            file, {f"xl/media/{n}.xml": zlib.compress(b"x") * 80_000 for n in range(250)}
        ),
        "極端に大きく",
    ),
    "directory without end": (
        lambda file: repacked(file, {f"xl/{'n' * 200}{n}": b"" for n in range(1000)}),
        "極端に大きく",
    ),
    "macros": (lambda file: repacked(file, {"xl/vbaProject.bin": b"x"}), "マクロ"),
    "macros by kind": (
        lambda file: replaced(
            file,
            b"spreadsheetml.sheet.main",
            b"ms-excel.sheet.macroEnabled.main",
            "[Content_Types].xml",
        ),
        "マクロ",
    ),
    "links": (
        lambda file: repacked(file, {"xl/externalLinks/externalLink1.xml": b"<a/>"}),
        "リンク",
    ),
    "entities": (lambda file: repacked(file, {SHEET_PART: ENTITIES}), "DOCTYPE"),
    "entities from outside": (lambda file: repacked(file, {SHEET_PART: OUTSIDE}), "DOCTYPE"),
    "entities among texts": (
        lambda file: repacked(file, {"xl/sharedStrings.xml": ENTITIES}),
        "DOCTYPE",
    ),
    "no XML": (
        lambda file: repacked(file, {SHEET_PART: b"<worksheet><sheetData>"}),
        "壊れています",
    ),
    "hidden sheet": (
        lambda file: replaced(file, b'state="visible"', b'state="hidden"', "xl/workbook.xml"),
        "非表示",
    ),
    "other sheet": (
        lambda file: edited_title(file, "別の表"),
        "という名前のシートがありません",
    ),
    "UTF-16": (lambda _: "コード,職名".encode("utf-16"), "として読めません"),
    "EUC-JP": (lambda _: as_csv([{"title": "係長"}], "euc-jp"), "文字コード"),
    "no encoding": (lambda _: b"\x81\x20\xff", "文字コード"),
    "open quote": (lambda _: as_csv([{"title": "a"}]) + b'"abc', "引用符"),
    "long field": (lambda _: as_csv([{"title": "a" * MEGABYTE}]), "長すぎる文字"),
    "headings alone": (lambda _: as_csv([]), "行がありません"),
    "nothing": (lambda _: b"\r\n\r\n", "何も入っていません"),
    "no headings": (lambda _: b"a,b,c\r\n1,2,3\r\n", "必要な見出しがありません"),
    "doubled heading": (
        lambda _: as_csv([{"title": "a"}]).replace("ミッション".encode(), "職名".encode(), 1),
        "同じ見出しの列が2つ以上あります：職名",
    ),
    "missing heading": (
        lambda _: as_csv([{"title": "a"}]).replace("ミッション".encode(), "使命".encode(), 1),
        "必要な見出しがありません：ミッション",
    ),
}


def empty_package():
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as package:
        package.writestr("[Content_Types].xml", "<Types/>")
    return target.getvalue()


def edited_title(file, title):
    def rename(sheet):
        sheet.title = title

    return edited(file, rename)


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_file_is_refused_with_a_sentence(hr, row, name):
    make, words = HOSTILE[name]
    file = make(workbook([row]))

    try:
        found = checked(file, hr)
    except UnreadableFile as refusal:
        sentence = refusal.sentence
    else:
        sentence = found.sentence
        assert (found.state, found.file) == (State.REFUSED, "")

    assert words in sentence
    assert not PostDescription.objects.exists()


def test_ten_thousand_columns_and_too_many_rows_are_refused(hr, row):
    wide = workbook([row], lambda sheet: sheet.cell(2, 10_000).__setattr__("value", "a"))
    assert "列が多すぎます" in checked(wide, hr).sentence
    assert "列が多すぎます" in checked(as_csv([row]) + b"," * 9_999 + b"a", hr).sentence
    assert "行が多すぎます" in checked(as_csv([row]) + b"a\r\n" * MOST_ROWS, hr).sentence


def test_bombs_are_refused_before_they_are_unpacked(row):
    file = repacked(workbook([row]), {"xl/media/a.xml": b"\0" * 70 * MEGABYTE})
    tracemalloc.start()
    with pytest.raises(UnreadableFile):
        packages.look_at(io.BytesIO(file))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert peak < 5 * MEGABYTE


def test_more_elements_than_any_table_has_are_refused(hr, row, monkeypatch):
    monkeypatch.setattr(packages, "MOST_ELEMENTS", 200)
    many = replaced(workbook([row]), b"</sheetData>", b"<row/>" * 200 + b"</sheetData>")
    assert "極端に大きく" in checked(many, hr).sentence
    monkeypatch.undo()
    deep = repacked(workbook([row]), {SHEET_PART: b"<a>" * 60})
    assert "極端に大きく" in checked(deep, hr).sentence
    listing = b"<Types>" + b"".join(b'<a b="%d"/>' % n for n in range(90_000)) + b"</Types>"
    with pytest.raises(UnreadableFile, match="極端に大きく"):
        packages.look_at(io.BytesIO(repacked(workbook([row]), {"[Content_Types].xml": listing})))


@pytest.mark.parametrize("line", [b",", b'"a\n",'])
def test_row_of_csv_without_end_is_refused_before_it_fills_memory(line):
    content = line * (4 * MEGABYTE // len(line))
    tracemalloc.start()
    with pytest.raises(UnreadableFile, match="列が多すぎます"):
        tables.read_csv(content)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert peak < 20 * MEGABYTE


def test_size_that_the_directory_hides_is_not_unpacked(hr, row):
    """An entry that says it is small is read as far as it says, and then found to be broken."""
    file = bytearray(repacked(workbook([row]), {SHEET_PART: b"<a>" + b" " * 10 * MEGABYTE}))
    place = file.rfind(b"PK\x01\x02", 0, file.rfind(SHEET_PART.encode()))
    file[place + 24 : place + 28] = (500).to_bytes(4, "little")

    assert "壊れています" in checked(bytes(file), hr).sentence


def test_cells_that_cannot_be_taken_are_named(hr, row):
    def spoil(sheet):
        sheet.cell(2, PLACES["title"]).value = "=1+1"
        sheet.cell(3, PLACES["mission"]).value = "#N/A"
        sheet.cell(3, PLACES["mission"]).data_type = "e"
        day = sheet.cell(4, PLACES["stay"])
        day.value, day.number_format = 46_113, "yyyy/m/d"
        sheet.cell(5, PLACES["team"]).value = "前_x0001_後"
        sheet.merge_cells("F6:F7")
        sheet.row_dimensions[8].hidden = True

    found = checked(workbook([row | {"title": f"{n}"} for n in range(7)], spoil), hr)

    assert counts(found) == (0, 0, 0, 7)
    said = dict(problems(found))
    assert "数式" in said["ポスト!E2"]
    assert "エラーの値" in said["ポスト!H3"]
    assert any("日付になっています" in sentence for sentence in said.values())
    assert any("使えない文字" in sentence for sentence in said.values())
    assert "結合したセル（F6:F7）" in said["ポスト!F6"]
    assert "非表示" in said["ポスト!E8"]


@pytest.mark.parametrize("place", ["own", "shared"])
def test_cell_beyond_the_limit_of_excel_is_named(hr, row, place):
    file = workbook([row | {"mission": "印"}])
    if place == "shared":
        file = shared(file, "印", f"<t>{LONG}</t>")
    else:
        file = replaced(file, "印".encode(), LONG.encode())

    assert [cell for cell, sentence in problems(checked(file, hr)) if "32,767" in sentence] == [
        "ポスト!H2"
    ]


def test_formula_in_csv_is_refused_and_other_signs_are_text(hr, row):
    rows = [row | {"title": "=1+1"}, row | {"title": "-係長", "team": "+1"}]

    found = checked(as_csv(rows), hr)

    assert counts(found) == (1, 0, 0, 1)
    assert "数式" in problems(found)[0][1]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_csv_is_read_in_every_encoding_of_excel(hr, row, encoding):
    found = checked(as_csv([row | {"title": "髙橋ミッション①係長"}], encoding), hr)

    assert counts(found) == (1, 0, 0, 0)
    assert found.rows.get().title == "髙橋ミッション①係長"


def test_texts_of_excel_come_out_as_they_are_seen(hr, row):
    """Runs of several fonts, readings, escapes, days of both calendars, numbers, and a size that is not true."""

    def prepare(sheet):
        sheet.cell(2, PLACES["team"]).value = 12
        day = sheet.cell(2, PLACES["next_review_on"])
        day.value, day.number_format = 46_478, 'ggge"年"m"月"d"日"'
        sheet["A1"].comment = Comment("メモ", "人")

    file = workbook([row | {"mission": "印", "place": "一_x000D_\n二"}], prepare)
    runs = "<r><t>前</t></r><r><rPr><b/></rPr><t>後</t></r><rPh sb='0' eb='1'><t>ヨミ</t></rPh>"
    file = shared(file, "印", runs)
    file = replaced(file, b'<dimension ref="', b'<dimension ref="XFD1:')

    found = checked(file, hr)

    said = found.rows.get().said["content"]
    assert (said["mission"], said["place"], said["team"]) == ("前後", "一\n二", "12")
    assert said["next_review_on"] == "2027-04-01"


@pytest.mark.parametrize(
    "typed", ["2027/4/1", "2027-04-01", "2027年4月1日", "令和9年4月1日", "R9.4.1"]
)
def test_days_are_read_as_people_write_them(hr, row, typed):
    found = checked(as_csv([row | {"next_review_on": typed}]), hr)

    assert found.rows.get().said["content"]["next_review_on"] == "2027-04-01"


@pytest.mark.parametrize("typed", ["27/4/1", "2027/13/1", "46478", "20270401", "4月1日"])
def test_days_that_may_be_others_are_refused(hr, row, typed):
    assert "日付として" in problems(checked(as_csv([row | {"next_review_on": typed}]), hr))[0][1]


def test_columns_and_sheets_that_are_not_read_are_named(hr, row):
    def add(sheet):
        sheet.cell(1, len(COLUMNS) + 1).value = "メモ"
        sheet.parent.create_sheet("作業用").sheet_state = "hidden"

    found = checked(workbook([row], add), hr)

    assert found.remarks == [
        "次の列は読み込みません：メモ。",
        "次のシートは読み込みません：作業用。",
    ]
