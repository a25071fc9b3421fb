"""HR edits the catalogue in a workbook: refused rows are fixed, drafts handed over, approved, read by staff, and undone."""

import re

from openpyxl import load_workbook
from playwright.sync_api import expect

from tests.browser.axe import findings
from tests.browser.visits import NARROW, PHONE

MISSION = "取り込んだ表で書き直した、このポストのミッションです。"
SENTENCE = "実際の案件を通して身につきます。"
NEW_TITLE = "表計算連携担当 係長"


class Workbook:
    """The sheet of posts in a file that was written out."""

    def __init__(self, path):
        self.path = path
        self.book = load_workbook(path)
        self.sheet = self.book["ポスト"]
        self.columns = {cell.value: cell.column_letter for cell in self.sheet[1]}

    def place(self, title, row):
        return f"{self.columns[title]}{row}"

    def read(self, title, row):
        return self.sheet[self.place(title, row)].value

    def write(self, title, row, value):
        self.sheet[self.place(title, row)].value = value

    def explain_skills(self, row):
        """Write a sentence beside every skill of a row, as a review asks for."""
        for title in self.columns:
            if title.endswith(" 説明") and self.read(title.removesuffix(" 説明"), row):
                self.write(title, row, SENTENCE)

    def add_like(self, row):
        """One more row with the cells of another, but for what tells which post it is; its number."""
        last = self.sheet.max_row + 1
        for title in self.columns:
            if title not in {"コード", "状態", "書き出した内容", "書き出した版"}:
                self.write(title, last, self.read(title, row))
        return last

    def save(self):
        self.book.save(self.path)


def look(page):
    """The page is fit for everybody, on a desk and on a small phone."""
    size = page.viewport_size
    assert findings(page) == []
    page.set_viewport_size(NARROW["viewport"])
    assert findings(page) == []
    overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(overflow) <= 0
    page.set_viewport_size(size)


def tab(page, kind, number):
    return page.get_by_role("link", name=re.compile(rf"^{kind}\s*{number}\s*件$"))


def write_out(page, path):
    page.goto("/postings/manage/")
    page.get_by_role("link", name="ファイルに書き出す").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="書き出す", exact=True).click()
    download.value.save_as(path)
    return Workbook(path)


def read_in(page, portal, path):
    page.goto("/postings/imports/new/")
    page.get_by_label("ファイル").set_input_files(path)
    page.get_by_role("button", name="内容を調べる").click()
    expect(page.get_by_text("内容を調べています。")).to_be_visible()
    look(page)
    portal.work_on_imports()


def test_workbook_is_fixed_confirmed_approved_read_and_undone(portal, visits, tmp_path):
    visits.expected.append("422 (Unprocessable")
    page = visits.begin("jinji")

    # What is no workbook is refused beside the field.
    page.goto("/postings/imports/new/")
    page.get_by_label("ファイル").set_input_files(
        {"name": "a.xls", "mimeType": "", "buffer": bytes.fromhex("d0cf11e0a1b11ae1")}
    )
    page.get_by_role("button", name="内容を調べる").click()
    expect(page.locator("#id_file_error")).to_contain_text("「.xlsx」で保存し直してください。")
    look(page)

    # Out, edited, in again: two rows cannot be taken, and it is said which cells and why.
    book = write_out(page, tmp_path / "posts.xlsx")
    shown = [
        row
        for row in range(2, book.sheet.max_row + 1)
        if book.read("書き出した内容", row) == "公開した版"
    ]
    good, bad = shown[-2:]
    new = book.add_like(good)
    for row in (good, bad, new):
        book.explain_skills(row)
    book.write("ミッション", good, MISSION)
    grade = book.read("職層", bad)
    book.write("職層", bad, "局長")
    section = book.read("課室", new)
    book.write("職名", new, NEW_TITLE)
    book.write("課室", new, "ない課")
    book.save()
    read_in(page, portal, book.path)
    expect(tab(page, "取り込めない行", 2)).to_be_visible()
    refused = page.get_by_role("table")
    expect(refused).to_contain_text(f"ポスト!{book.place('職層', bad)}")
    expect(refused).to_contain_text("職層「局長」は選べません。")
    expect(refused).to_contain_text(f"ポスト!{book.place('課室', new)}")
    look(page)

    # Fixed in the file: nothing is refused any more, and every change is marked.
    book.write("職層", bad, grade)
    book.write("課室", new, section)
    book.save()
    read_in(page, portal, book.path)
    expect(tab(page, "取り込めない行", 0)).to_be_visible()
    tab(page, "新しいポスト", 1).click()
    page.get_by_text("内容を見る").click()
    look(page)
    tab(page, "変更", 2).click()
    expect(page.locator("ins").filter(has_text="書き直").first).to_be_visible()
    look(page)

    # Confirmed: drafts, which are handed over in one go.
    page.get_by_role("button", name="3件を下書きとして取り込む").click()
    expect(page.get_by_text("下書きをつくっています。")).to_be_visible()
    look(page)
    portal.work_on_imports()
    expect(page.get_by_text("取り込みました", exact=True)).to_be_visible()
    look(page)
    page.get_by_role("button", name="3件を確認に出す").click()
    expect(page.get_by_text("承認を待っています")).to_be_visible()
    expect(page.get_by_role("button", name="承認する")).to_have_count(0)
    look(page)

    # A second officer approves all of it, for today.
    second = visits.begin("jinji2")
    second.goto("/postings/imports/")
    look(second)
    second.get_by_role("link", name="posts.xlsx").first.click()
    look(second)
    second.get_by_role("button", name="承認する").click()
    expect(second.get_by_text("3件を公開しました。")).to_be_visible()

    # Staff find it, on a phone.
    reader = visits.begin(portal.newcomer(), PHONE)
    reader.goto(f"/postings/?q={NEW_TITLE}")
    reader.get_by_role("main").get_by_role("link", name=re.compile(NEW_TITLE)).first.click()
    expect(reader.get_by_role("heading", level=1)).to_contain_text(NEW_TITLE)
    post = reader.url

    # What undoing does is told before it is done.
    page.reload()
    page.get_by_role("link", name="取り消すとどうなるかを見る").click()
    expect(page.get_by_text("取り込む前の文章の下書きをつくる：2件")).to_be_visible()
    page.get_by_text("どのポストかを見る").last.click()
    expect(page.get_by_text(NEW_TITLE)).to_be_visible()
    look(page)
    page.get_by_role("button", name="この取り込みを取り消す").click()
    expect(page.get_by_text("取り込みを取り消しました。")).to_be_visible()
    look(page)
    reader.goto(post)
    expect(reader.get_by_text("公開を終え").first).to_be_visible()
