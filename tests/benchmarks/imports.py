"""The catalogue as a workbook, out and in again, as a web process and a worker do it: seconds and memory."""

import tempfile
from pathlib import Path

from openpyxl import load_workbook

from career_portal.local.progress import Refusal
from career_portal.staff.models import User
from postings.models import PostImport
from postings.workbook import handing_services, services
from postings.workbook.columns import COLUMNS, SHEET
from tests.benchmarks import worker
from tests.benchmarks.report import Limit, say

POSTS = 2000
SECONDS_AT_MOST = 20
MEGABYTES_AT_MOST = 400
PLACES = {column.name: number for number, column in enumerate(COLUMNS, 1)}
WRITE = """
from career_portal.staff.models import User
from postings.workbook.writing import ExportFilters, write_posts
with open(sys.argv[1], "wb") as file:
    write_posts(file, file_format="xlsx", filters=ExportFilters(), by=User.objects.get(username="jinji"))
"""
APPROVE = """
from career_portal.common.clock import today
from career_portal.staff.models import User
from postings.models import PostImport
from postings.workbook.handing_services import approve_all
found = PostImport.objects.get(pk=sys.argv[1])
approve_all(found, publish_on=today(), by=User.objects.get(username="jinji2"))
"""
SHOW = "from postings.tasks import release_due_versions; release_due_versions()"
UNDO = """
from career_portal.staff.models import User
from postings.models import PostImport
from postings.workbook.undo_services import undo_import
undo_import(PostImport.objects.get(pk=sys.argv[1]), by=User.objects.get(username="jinji"))
"""
WORK = "from postings.tasks import work_on_import; work_on_import(int(sys.argv[1]))"


def measure():
    """Print the table; return the promises about the slowest step and the largest."""
    officer = User.objects.get(username="jinji")
    say("posts: the catalogue as a workbook, one worker")
    say(f"  {'':<16}{'posts':>8}{'seconds':>9}{'per post':>11}{'MB at most':>12}")
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "posts.xlsx"
        worker.run(WRITE, path)
        _edit(path, _fill_up)
        found, figures = _read_in(path, officer, "added")
        handing_services.submit_all(found, by=officer)
        approved = _tell("approve, added", found.added, *worker.run(APPROVE, found.pk))
        shown = _tell("show, added", found.added, *worker.run(SHOW, found.pk))
        written = worker.run(WRITE, path)
        rows = _edit(path, _rewrite)
        figures += [approved, shown, _tell("write out", rows, *written)]
        found, changed = _read_in(path, officer, "changed")
        undone = _tell("undo, changed", found.changed, *worker.run(UNDO, found.pk))
        figures += [*changed, undone]
    slowest, largest = (max(column) for column in zip(*figures, strict=True))
    return [
        Limit(
            f"workbook of {POSTS} posts, slowest step", slowest, at_most=SECONDS_AT_MOST, unit=" s"
        ),
        Limit("memory of its worker", largest, at_most=MEGABYTES_AT_MOST, unit=" MB"),
    ]


def _edit(path, edit):
    """Do something to the sheet of posts; how many rows it has then."""
    book = load_workbook(path)
    edit(book[SHEET])
    book.save(path)
    return book[SHEET].max_row - 1


def _fill_up(sheet):
    """New posts below those that are there, until there are as many as promised."""
    rows = range(2, sheet.max_row + 1)
    models = [row for row in rows if sheet.cell(row, PLACES["source"]).value == "公開した版"]
    for number in range(sheet.max_row + 1, POSTS + 2):
        model = models[number % len(models)]
        for name, place in PLACES.items():
            if name not in {"code", "state", "source", "base"}:
                sheet.cell(number, place).value = sheet.cell(model, place).value
        title = sheet.cell(model, PLACES["title"]).value
        sheet.cell(number, PLACES["title"]).value = f"{title[:30]}{number}"


def _rewrite(sheet):
    for row in range(2, sheet.max_row + 1):
        sheet.cell(row, PLACES["team"]).value = f"班長1、係員{row}。"


def _read_in(path, officer, kind):
    """Check and confirm the file, whose rows are most of that kind: the import, and its figures."""
    with path.open("rb") as file:
        found = services.request_import(file, path.name, by=officer)
    checked = _tell(f"check, {kind}", POSTS, *worker.run(WORK, found.pk))
    found.refresh_from_db()
    services.confirm_import(found, by=officer)
    confirmed = worker.run(WORK, found.pk)
    found.refresh_from_db()
    number = getattr(found, kind)
    if found.state != PostImport.State.CONFIRMED or number < POSTS // 2:
        raise Refusal(f"The import was not made: {found.state}, {number} rows")
    return found, [checked, _tell(f"confirm, {kind}", number, *confirmed)]


def _tell(name, posts, seconds, megabytes):
    say(f"  {name:<16}{posts:8}{seconds:9.1f}{seconds * 1000 / posts:8.1f} ms{megabytes:12.0f}")
    return seconds, megabytes
