"""Files as HR uploads them: written out, edited cell by cell, checked and confirmed at once."""

import csv
import io

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from postings.models import PostDescription
from postings.workbook import services
from postings.workbook.columns import BY_NAME, COLUMNS, SHEET
from postings.workbook.writing import ExportFilters, write_posts

NAME = "ポスト.xlsx"
PLACES = {column.name: number for number, column in enumerate(COLUMNS, 1)}


def exported(by, file_format="xlsx", **filters):
    """The bytes of the file that somebody writes out."""
    target = io.BytesIO()
    write_posts(target, file_format=file_format, filters=ExportFilters(**filters), by=by)
    return target.getvalue()


def edited(content, edit):
    """A workbook after `edit` was done to its sheet of posts."""
    book = load_workbook(io.BytesIO(content))
    edit(book[SHEET])
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def with_cells(content, cells):
    """A workbook with other values in cells, by row and the name of the column."""

    def put(sheet):
        for (row, name), value in cells.items():
            sheet.cell(row, PLACES[name]).value = value

    return edited(content, put)


def as_csv(rows, encoding="utf-8"):
    """CSV of rows by the names of columns, as a program without apostrophes writes it."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([column.title for column in COLUMNS])
    writer.writerows([row.get(name, "") for name in BY_NAME] for row in rows)
    return text.getvalue().encode(encoding)


def uploaded(content, by, name=NAME):
    """The import of a file, not looked at by a worker yet."""
    return services.request_import(io.BytesIO(content), name, by=by)


def checked(content, by, name=NAME):
    """The import of a file after a worker has looked at it."""
    return worked(uploaded(content, by, name))


def worked(post_import):
    """The import after a worker has come by."""
    services.work_on(post_import.pk)
    post_import.refresh_from_db()
    return post_import


def confirmed(content, by, name=NAME):
    """The import of a file after its drafts were made."""
    found = checked(content, by, name)
    services.confirm_import(found, by=by)
    return worked(found)


def counts(post_import):
    """How many rows of which kind."""
    return (post_import.added, post_import.changed, post_import.unchanged, post_import.refused)


def problems(post_import):
    """Every refused cell with its sentence."""
    rows = post_import.rows.filter(kind="refused").order_by("number")
    return [(problem["cell"], problem["sentence"]) for row in rows for problem in row.problems]


def cell(row, name):
    """How a cell of CSV is named."""
    return f"{get_column_letter(PLACES[name])}{row}"


def new_row(section, /, **cells):
    """The cells of a post that is not there yet, ready to be reviewed."""
    return {
        "bureau": section.bureau.name,
        "division": section.division,
        "section": section.name,
        "title": "国際会議担当 係長",
        "grade": "係長",
        "place": "霞が関",
        "mission": "国際会議を通じて、共通のルールをつくります。",
        "duties": "国際会議の準備と運営\n各国の主張の整理\n合意した文書の確認",
        "gained_1_skill": "通商・貿易",
        "gained_1_strength": "仕事の中心で伸びる",
        "gained_1_sentence": "交渉の準備から署名までを通して経験できます。",
        "next_review_on": "2027/4/1",
        **cells,
    }


def everything():
    """What posts say, and where, for comparing before and after."""
    return {
        *PostDescription.objects.values_list("code", "section", "shown", "archived_on"),
        *PostDescription.objects.filter(versions__isnull=False).values_list(
            "code", "versions__number", "versions__stage", "versions__mission", "versions__edit"
        ),
        *PostDescription.objects.filter(versions__skills__isnull=False).values_list(
            "code", "versions__number", "versions__skills__sentence"
        ),
    }
