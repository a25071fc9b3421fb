"""Tables come out of files as they went in: nothing typed is a formula, nothing is lost but what no file can hold."""

import csv
import datetime
import io
import math
import re
import subprocess
import sys
import tempfile
import zipfile
from xml.etree import ElementTree

import pytest
from openpyxl import load_workbook

from career_portal.common import spreadsheets
from career_portal.common.spreadsheets import (
    CUT,
    LONGEST_TEXT,
    Column,
    Sheet,
    without_apostrophe,
    write_csv,
    write_workbook,
)
from tests.surveys.hostile import CORPUS, FAMILY, LINE_ENDS

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
ERRORS = ["#N/A", "#REF!", "#NAME?", "#DIV/0!", "#NULL!", "#VALUE!", "#NUM!"]
FORMULAS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1+1",
    "\n=1+1",
    " =1+1",
    "　=1+1",
    "\ufeff=1+1",
    '=HYPERLINK("http://127.0.0.1/?"&A1,"押す")',
    "=cmd|' /C calc'!A0",
    "＝１＋１",
    "＋１",
    "－１",
    "＠ＳＵＭ",
    "　＝１",
    "\t表",
    "\n行",
]
ESCAPES = ["_x0041_", "_x000d_", "_x005F_", "_x0041_x0042_", "__x0041__", "_x41_", "_X0041_", "_"]
CONTROLS = [
    *(f"前{chr(code)}後" for code in range(0x20) if chr(code) not in "\t\n\r"),
    "前\ufffe後",
    "前\uffff後",
    "前\ud800後",
    "前\udfff後",
]
PLAIN = [text for text in [*CORPUS, *ERRORS, *FORMULAS, *ESCAPES] if text]
JST = datetime.timezone(datetime.timedelta(hours=9))
MIDNIGHT = datetime.datetime.combine(datetime.date(2026, 4, 1), datetime.time.min)
JST_NOON = datetime.datetime(2026, 10, 1, 12, 0, tzinfo=JST)


def workbook_of(*rows, **options):
    """The bytes of a workbook with one table."""
    columns = [Column(f"列{number}") for number in range(max(map(len, rows)))]
    target = io.BytesIO()
    write_workbook(target, [Sheet("表", columns, iter(rows))], **options)
    return target.getvalue()


def cells_of(content, sheet="表"):
    """The cells below the header, as the library reads them."""
    rows = load_workbook(io.BytesIO(content))[sheet].iter_rows(min_row=2)
    return [list(row) for row in rows]


def read(cell):
    """A text as Excel shows it, which decodes what looks like an escape."""
    return re.sub(r"_x([0-9A-Fa-f]{4})_", lambda found: chr(int(found[1], 16)), cell.value)


def xml_of(content, name="xl/worksheets/sheet1.xml"):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return ElementTree.fromstring(archive.read(name))  # noqa: S314  we have just written it


def csv_of(*rows, header=("列",)):
    target = io.BytesIO()
    write_csv(target, header, iter(rows))
    return target.getvalue()


def fields_of(content):
    """The fields below the header, as the csv module reads them."""
    text = content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))[1:]


# Workbooks --------------------------------------------------------------------------------------


def test_workbook_gives_every_text_back_as_it_was_typed():
    cells = cells_of(workbook_of(*([text] for text in PLAIN)))

    assert [read(cell) for [cell] in cells] == PLAIN
    assert {cell.data_type for [cell] in cells} == {"s"}


def test_workbook_holds_no_formula_and_no_error_but_strings_and_numbers():
    content = workbook_of(*([text, 1, JST_NOON] for text in [*PLAIN, *CONTROLS]))

    sheet = xml_of(content)
    kinds = {cell.get("t") for cell in sheet.iter(f"{MAIN}c")}
    assert kinds == {"inlineStr", "n"}
    assert list(sheet.iter(f"{MAIN}f")) == []
    assert len(list(sheet.iter(f"{MAIN}row"))) == 1 + len(PLAIN) + len(CONTROLS)


def test_workbook_marks_texts_so_that_editing_makes_no_formula_of_them():
    [[text, number]] = cells_of(workbook_of(["=1+1", 1]))

    assert text.quotePrefix
    assert not number.quotePrefix


def test_workbook_shows_where_characters_cannot_be_held():
    cells = cells_of(workbook_of(*([text] for text in CONTROLS)))

    assert {cell.value for [cell] in cells} == {"前\ufffd後"}


@pytest.mark.parametrize(("typed", "kept"), LINE_ENDS)
def test_line_ends_become_line_feeds(typed, kept):
    [[cell]] = cells_of(workbook_of([typed]))

    assert cell.value == kept
    assert fields_of(csv_of([f"行{typed}"])) == [[f"行{kept}"]]


@pytest.mark.parametrize("unit", ["あ", "𠮷", FAMILY, "_x0041_", "_x0041", "=", "\x00"])
def test_long_text_is_cut_visibly_within_the_limit_of_excel(unit):
    text = unit * 40_000

    [[cell]] = cells_of(workbook_of([text]))

    assert cell.data_type == "s"
    kept, mark, rest = read(cell).partition(CUT)
    assert (mark, rest) == (CUT, "")
    assert text.replace("\x00", "\ufffd").startswith(kept)
    assert LONGEST_TEXT - 8 <= len(cell.value.encode("utf-16-le")) // 2 <= LONGEST_TEXT


def test_longest_text_of_excel_stays_whole():
    texts = ["あ" * LONGEST_TEXT, "𠮷" * (LONGEST_TEXT // 2)]

    assert [read(cell) for cell in cells_of(workbook_of(texts))[0]] == texts


def test_numbers_and_days_are_what_the_caller_passed():
    day = datetime.date(2026, 4, 1)
    utc = datetime.datetime(2026, 3, 31, 15, 30, 5, tzinfo=datetime.UTC)

    [row] = cells_of(workbook_of([-5, 1.5, 0, day, utc, None, ""]))

    assert [cell.value for cell in row] == [
        -5,
        1.5,
        0,
        MIDNIGHT,
        MIDNIGHT.replace(minute=30, second=5),
        None,
        None,
    ]
    assert [cell.data_type for cell in row[:5]] == ["n", "n", "n", "d", "d"]
    assert row[3].number_format == "yyyy/mm/dd"


def test_numbers_and_days_that_excel_would_change_are_texts():
    values = [10**15, -(10**400), math.inf, math.nan, datetime.date(1900, 2, 28)]

    [row] = cells_of(workbook_of(values))

    assert [cell.value for cell in row] == [str(value) for value in values]
    assert {cell.data_type for cell in row} == {"s"}


def test_header_is_bold_and_stays_in_sight_and_columns_have_their_widths():
    target = io.BytesIO()
    columns = [Column("=職員番号", width=12), Column("#N/A", width=60)]
    write_workbook(target, [Sheet("表", columns, [["1", "長い文章"]])])

    sheet = load_workbook(target)["表"]
    header = sheet[1]
    assert [(cell.value, cell.data_type, cell.font.bold) for cell in header] == [
        ("=職員番号", "s", True),
        ("#N/A", "s", True),
    ]
    assert sheet.freeze_panes == "A2"
    assert [sheet.column_dimensions[letter].width for letter in "AB"] == [12, 60]
    assert sheet["B2"].alignment.wrap_text
    assert not sheet["B2"].font.bold


def test_facts_stand_on_the_first_sheet():
    facts = [("書き出した人", "=海野 汐"), ("目的", "異動の検討"), ("日時", JST_NOON)]

    content = workbook_of(["x"], facts=facts)

    assert load_workbook(io.BytesIO(content)).sheetnames == ["この表について", "表"]
    cells = cells_of(content, "この表について")
    assert [[cell.value for cell in row] for row in cells] == [
        ["書き出した人", "=海野 汐"],
        ["目的", "異動の検討"],
        ["日時", JST_NOON.replace(tzinfo=None)],
    ]


def test_workbook_names_no_author():
    properties = xml_of(workbook_of(["x"]), "docProps/core.xml")

    assert [each.text for each in properties if each.tag.endswith("creator")] in ([], [None])


def test_naive_instant_is_refused():
    naive = JST_NOON.replace(tzinfo=None)

    with pytest.raises(ValueError, match="naive"):
        workbook_of([naive])
    with pytest.raises(ValueError, match="naive"):
        csv_of([naive])


def test_more_rows_than_a_sheet_holds_are_refused(monkeypatch):
    monkeypatch.setattr(spreadsheets, "MOST_ROWS", 3)
    assert len(cells_of(workbook_of([1], [2]))) == 2

    with pytest.raises(ValueError, match="rows in 表"):
        workbook_of([1], [2], [3])


def test_rows_that_break_off_leave_no_file_behind(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    def rows():
        yield ["打ち明けたこと"]
        assert list(tmp_path.iterdir()) != []
        raise ConnectionError

    with pytest.raises(ConnectionError):
        write_workbook(io.BytesIO(), [Sheet("表", [Column("列")], rows())])

    assert list(tmp_path.iterdir()) == []


# CSV --------------------------------------------------------------------------------------------


def starts_a_formula(text):
    text = text.lstrip("'")
    return text[:1] in {"\t", "\n"} or text.strip("\ufeff \u3000\t\n")[:1] in set("=+-@＝＋－＠")


def test_csv_gives_every_text_back_with_an_apostrophe_before_formulas():
    fields = fields_of(csv_of(*([text] for text in PLAIN)))

    assert fields == [[f"'{text}" if starts_a_formula(text) else text] for text in PLAIN]
    assert [[f"'{text}"] for text in FORMULAS] == fields_of(csv_of(*([text] for text in FORMULAS)))
    assert [without_apostrophe(field) for [field] in fields] == PLAIN


def test_csv_shows_where_characters_cannot_be_held():
    assert fields_of(csv_of(*([text] for text in CONTROLS))) == [["前\ufffd後"]] * len(CONTROLS)


def test_csv_is_quoted_utf_8_with_a_mark_and_crlf():
    day = datetime.date(2026, 4, 1)
    rows = [['海野 "汐"', -5, day], ["二\n行", None, JST_NOON]]

    content = csv_of(*rows, header=("=氏名", "数", "日"))

    assert (
        content
        == (
            '\ufeff"\'=氏名","数","日"\r\n'
            '"海野 ""汐""","-5","2026-04-01"\r\n'
            '"二\n行","","2026-10-01 12:00:00"\r\n'
        ).encode()
    )


def test_csv_leaves_long_texts_whole_and_the_file_open():
    target = io.BytesIO()

    write_csv(target, ["列"], [["あ" * 40_000]])

    assert not target.closed
    assert fields_of(target.getvalue()) == [["あ" * 40_000]]


# Size -------------------------------------------------------------------------------------------

GROWTH = """
import resource
from career_portal.common.spreadsheets import Column, Sheet, write_csv, write_workbook

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

rows = ([f"{number} " + "長い回答。" * 40] * 20 for number in range(5_000))
columns = [Column(f"列{number}") for number in range(20)]
with open("/dev/null", "wb") as target:
    before = peak()
    WRITE
    print(peak() - before)
"""
WRITES = {
    "workbook": "write_workbook(target, [Sheet('表', columns, rows)])",
    "csv": "write_csv(target, [column.title for column in columns], rows)",
}


@pytest.mark.parametrize("what", WRITES)
def test_100_000_cells_take_at_most_8_megabytes(what):
    program = GROWTH.replace("WRITE", WRITES[what])

    outcome = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert int(outcome.stdout) < 8_000
