"""The feedback admin has all sheets of a closed round made and publishes them; a section reads its own and acts on it."""

import io
import os
import re
import signal
import subprocess
import sys
import zipfile
from contextlib import contextmanager

import psycopg
import pypdf
import pytest
import redis
from playwright.sync_api import expect

from career_portal.local.bootstrap import PROJECT
from career_portal.local.up import celery
from tests.browser.axe import findings
from tests.browser.visits import PHONE

ACTION, DRIVER = "会議を一つ減らす", "企画班"
LAST_SHEET = """
    SELECT s.id FROM surveys_feedbacksheet s JOIN surveys_feedbackrelease r ON r.id = s.release_id
    JOIN surveys_roundfreeze f ON f.id = r.freeze_id JOIN surveys_surveyround o ON o.id = f.round_id
    WHERE o.fiscal_year = %(year)s ORDER BY s.id DESC LIMIT 1
"""
# A busy machine draws a sheet in several seconds.
AT_MOST = 120_000
HOLD = "SELECT id FROM surveys_feedbacksheet WHERE id = %s FOR UPDATE"


@pytest.fixture
def year(portal):
    """The fiscal year of a closed round that only this journey releases; sheets of older ones are folded on lists."""
    return portal.year - 4


@contextmanager
def held(portal, sheet):
    """No worker takes this sheet until the block ends."""
    with psycopg.connect(portal.database_url) as connection:
        connection.execute(HOLD, [sheet])
        yield


@contextmanager
def worker(portal, log):
    """A real worker of the portal; killed at the end, at once."""
    with log.open("w") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", *celery("worker", "--concurrency=1")],
            cwd=PROJECT,
            env=portal.environment,
            stdout=said,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def fetched(page, link):
    """The bytes and the name of what a link hands over."""
    with page.expect_download() as download:
        link.click()
    return download.value.path().read_bytes(), download.value.suggested_filename


def is_whole(content):
    return len(pypdf.PdfReader(io.BytesIO(content)).pages) == 4


def test_sheets_are_made_published_read_and_acted_upon(portal, visits, year, tmp_path):
    visits.expected += ["404 (Not Found)", "422 (Unprocessable"]
    # What other journeys left for a worker.
    redis.Redis.from_url(portal.environment["REDIS_URL"]).flushdb()
    sheets = portal.sheets("frozen", year)["sheets"]
    page = visits.begin("shukei")

    # One press.
    page.goto("/")
    page.get_by_role("link", name="シートの作成").first.click()
    one = page.get_by_role("region", name=re.compile(rf"（{year}年度）"))
    one.get_by_role("button", name=re.compile("全課室のシートを作る")).click()
    done = page.locator(".cp-figures__number")
    expect(done).to_have_text(re.compile(rf"^0\s*/ {sheets} 単位"))

    # The page follows the worker by itself; what is paused goes on where it stopped.
    (last,) = portal.rows(LAST_SHEET, year=year)[0]
    with worker(portal, tmp_path / "worker.log"):
        with held(portal, last):
            expect(done).to_have_text(re.compile(rf"^{sheets - 1}\s*/"), timeout=AT_MOST)
            page.get_by_role("button", name="一時停止する").click()
            expect(page.get_by_text("一時停止しています。")).to_be_visible()
            assert findings(page) == []
        page.get_by_role("button", name="再開する").click()
        expect(page.get_by_text("すべてのシートができました。")).to_be_visible(timeout=AT_MOST)
    assert findings(page) == []

    # The certificate, one sheet, all sheets.
    page.goto(f"/surveys/rounds/{year}/sheets/1/")
    certificate = page.get_by_role("complementary", name="この公開について")
    expect(certificate).to_contain_text("開示の監査に合格")
    expect(certificate).to_contain_text("表示する最小の回答数")
    content, name = fetched(page, certificate.get_by_role("link", name="すべてのシート（ZIP）"))
    assert name == f"フィードバックシート_{year}年度_第1回.zip"
    with zipfile.ZipFile(io.BytesIO(content)) as bundle:
        assert bundle.testzip() is None
        assert len(bundle.namelist()) == sheets
        assert "000_省全体.pdf" in bundle.namelist()
        assert all(is_whole(bundle.read(each)) for each in bundle.namelist())
    page.get_by_role("link", name=re.compile("確かめる.*省全体")).click()
    expect(page.get_by_text("まだ公開していません")).to_be_visible()
    content, name = fetched(page, page.get_by_role("link", name="PDFを受け取る"))
    assert name == f"フィードバックシート_{year}年度_省全体.pdf"
    assert is_whole(content)

    # Publication, after a look at what it does.
    page.goto(f"/surveys/rounds/{year}/sheets/1/")
    page.get_by_role("link", name="公開へ進む").click()
    expect(page.get_by_text("変えることも取り下げることもできません")).to_be_visible()
    assert findings(page) == []
    page.get_by_role("button", name="公開する").click()
    expect(page.get_by_text("公開しました。課室の長はもう読めます。")).to_be_visible()

    # The head reads at once, the staff not yet.
    head = visits.begin("joushi")
    head.goto("/surveys/sheets/")
    own = head.get_by_role("main").locator(f"a[href^='/surveys/rounds/{year}/']").first
    sheet = own.get_attribute("href")
    member = visits.begin("shokuin", PHONE)
    assert member.goto(sheet).status == 404
    own.click()
    expect(head.get_by_role("heading", name="ひと目で")).to_be_visible()

    # An action that aims at a figure; what is missing is said first.
    head.get_by_role("link", name="改善のアクションを書く").click()
    first = head.get_by_role("group", name="アクション1")
    first.get_by_label("担当").fill(DRIVER)
    head.get_by_role("button", name="保存する").click()
    expect(head.locator("#errors")).to_be_focused()
    expect(head.locator("#errors")).to_contain_text("アクション1の内容を入力してください")
    assert findings(head) == []
    first.get_by_label("内容").fill(ACTION)
    first.get_by_label("ねらう項目").select_option("career_talk")
    head.get_by_role("button", name="保存する").click()
    expect(head.get_by_text("改善のアクションを保存しました。")).to_be_visible()
    expect(head.get_by_role("main")).to_contain_text(f"担当：{DRIVER}")

    # From the day it opens the section's staff reads it, others do not.
    portal.sheets("a_day_later", year)
    member.goto("/surveys/sheets/")
    member.locator(f"a[href='{sheet}']").click()
    expect(member.get_by_text(ACTION)).to_be_visible()
    expect(member.get_by_text("ねらう項目：上司とのキャリアの対話")).to_be_visible()
    assert findings(member) == []
    other = visits.begin("mentor")
    other.goto("/surveys/sheets/")
    wide = other.get_by_role("main").locator(f".cp-task__link[href^='/surveys/rounds/{year}/']")
    expect(wide.filter(has_text="省全体")).to_be_visible()
    assert other.goto(sheet).status == 404
