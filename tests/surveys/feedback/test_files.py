"""Files of a release: bundles that are sent while they grow, tables with exactly their columns, and the command."""

import csv
import io
import json
import zipfile

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.urls import reverse

from surveys.feedback_sheets import bundle, steering_services, tables
from surveys.models import FeedbackRelease, ReleasedFigure, SheetDownload
from tests.factories import feedback
from tests.factories.staff import AssignmentFactory

pytestmark = pytest.mark.django_db

FIGURES = (
    "release,fiscal_year,unit_level,unit_code,parent_code,unit_name,question_code,measure,value,"
    "count_band,shown"
)


@pytest.fixture
def admin():
    return feedback.feedback_admin()


@pytest.fixture
def made():
    return feedback.freeze(feedback.WIDE)


@pytest.fixture
def release(made, admin):
    return feedback.finished(feedback.release(made, admin))


@pytest.fixture
def browser(client, admin):
    client.force_login(admin)
    return client


def address(release, name, *further):
    year = release.freeze.round.fiscal_year
    return reverse(f"surveys:{name}", args=[year, release.number, *further])


def unpacked(answer):
    return zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))


class TestBundles:
    def test_all_sheets_come_under_japanese_names_by_bureau(self, browser, release):
        answer = browser.get(address(release, "release_zip"))

        archive = unpacked(answer)
        assert archive.testzip() is None
        assert archive.namelist() == [
            "000_省全体.pdf",
            "大臣官房/001_大臣官房.pdf",
            "大臣官房/002_秘書課.pdf",
            "大臣官房/003_総務課.pdf",
            "大臣官房/004_会計課.pdf",
            "商務情報政策局/005_商務情報政策局.pdf",
            "商務情報政策局/006_総務課（商）.pdf",
            "商務情報政策局/007_情報経済課.pdf",
        ]
        # Bit 11 of the flags: names are UTF-8.
        assert all(entry.flag_bits & 0x800 for entry in archive.infolist())
        assert archive.read("大臣官房/003_総務課.pdf").startswith(b"%PDF")
        assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''")
        assert SheetDownload.objects.get().kind == "all"

    def test_bundle_is_sent_while_it_is_read(self, release):
        first, second, *_ = sheets = list(release.sheets.select_related("unit__parent"))

        pieces = bundle.stream(sheets)
        sent = next(pieces)
        default_storage.delete(second.file)

        assert len(sent) > first.size
        with pytest.raises(FileNotFoundError):
            next(pieces)

    def test_bureau_comes_with_its_sections_alone(self, browser, made, release):
        pk = made.units["商務情報政策局"].pk

        names = unpacked(browser.get(address(release, "bureau_zip", pk))).namelist()

        assert [name.partition("/")[0] for name in names] == ["商務情報政策局"] * 3
        assert (
            browser.get(address(release, "bureau_zip", made.units["総務課"].pk)).status_code == 404
        )

    @pytest.mark.parametrize(
        ("name", "expected"),
        [
            ("総務課", "総務課"),
            ("企画/調整:課?", "企画＿調整＿課＿"),
            ("課. ", "課"),
            ("カ\u3099ス課", "ガス課"),
            ("..", "＿"),
            ("長" * 100, "長" * 60),
        ],
    )
    def test_names_fit_every_file_system(self, name, expected):
        assert bundle.fit_for_files(name) == expected

    @pytest.mark.parametrize("state", ["running", "cancelled"])
    def test_nothing_is_fetched_before_all_is_there_or_after_it_was_given_up(
        self, browser, made, admin, state
    ):
        release = feedback.release(made, admin)
        if state == "cancelled":
            steering_services.cancel_release(feedback.finished(release), by=admin)

        for name in ("release_zip", "release_figures", "release_units", "release_certificate"):
            assert browser.get(address(release, name)).status_code == 302, name
        assert not SheetDownload.objects.exists()


class TestTables:
    def rows(self, browser, release, name):
        text = b"".join(browser.get(address(release, name)).streaming_content).decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(text, newline="")))

    def test_figures_have_exactly_these_columns_and_what_was_released(self, browser, release):
        rows = self.rows(browser, release, "release_figures")

        assert ",".join(rows[0]) == FIGURES
        assert len(rows) == ReleasedFigure.objects.count()
        hidden = [row for row in rows if row["unit_name"] == "会計課"]
        assert {(row["value"], row["count_band"], row["shown"]) for row in hidden} == {
            ("－", "－", "0")
        }
        shown = next(
            row for row in rows if row["unit_name"] == "総務課" and row["measure"] == "favourable"
        )
        assert (shown["value"], shown["count_band"], shown["shown"]) == ("65", "30-34", "1")
        assert shown["unit_level"] == "section"
        assert {row["measure"] for row in rows} == {
            "favourable",
            "neutral",
            "unfavourable",
            "mean",
            "wish_share",
            "response_rate",
        }

    def test_units_hold_members_of_joint_units_below_them(self, browser, made, admin):
        feedback.joint(made, "会計課ほか", "会計課")
        release = feedback.finished(feedback.release(made, admin))

        rows = self.rows(browser, release, "release_units")

        assert ",".join(rows[0]) == (
            "fiscal_year,unit_level,unit_code,parent_code,unit_name,headcount"
        )
        units = {row["unit_name"]: row for row in rows}
        assert units["会計課"]["parent_code"] == units["会計課ほか"]["unit_code"]
        assert units["総務課"]["headcount"] == "32"
        assert units["省全体"]["parent_code"] == ""

    def test_earlier_years_repeat_what_they_released(self, browser, made, admin):
        year = made.round.fiscal_year
        earlier = feedback.freeze(feedback.WIDE, feedback.closed_round(year - 1), like=made)
        feedback.published(earlier, admin)
        unpublished = feedback.freeze(feedback.SMALL, feedback.closed_round(year - 2), like=made)
        feedback.release(unpublished, admin)
        release = feedback.finished(feedback.release(made, admin))

        rows = self.rows(browser, release, "release_figures")

        by_year = {y: [r for r in rows if r["fiscal_year"] == str(y)] for y in (year - 1, year)}
        assert len(by_year[year - 1]) == len(by_year[year]) == len(rows) // 2
        units = self.rows(browser, release, "release_units")
        assert {row["fiscal_year"] for row in units} == {str(year - 1), str(year)}

    def test_name_that_looks_like_a_formula_stays_text(self, made, release):
        assert tables._as_text("=1+1") == "'=1+1"
        assert tables._as_text("－") == "－"

    def test_certificate_can_be_fetched(self, browser, release):
        found = json.loads(browser.get(address(release, "release_certificate")).content)

        assert found == release.certificate


class TestSheetDownload:
    def test_reader_gets_the_pdf_and_it_is_written_down(self, client, made, admin):
        release = feedback.opened(feedback.release(made, admin))
        member = AssignmentFactory(section=made.sections["総務課"]).user
        client.force_login(member)
        own = release.sheets.get(unit__name="総務課")
        other = release.sheets.get(unit__name="秘書課")

        answer = client.get(address(release, "sheet_pdf", own.pk))

        assert b"".join(answer.streaming_content).startswith(b"%PDF")
        assert "%E7%B7%8F%E5%8B%99%E8%AA%B2.pdf" in answer["Content-Disposition"]
        assert SheetDownload.objects.get().unit == own.unit
        assert own.openings.get().user == member
        assert client.get(address(release, "sheet_pdf", other.pk)).status_code == 404

    def test_lost_file_is_said_to_be_gone(self, browser, release):
        sheet = release.sheets.first()
        default_storage.delete(sheet.file)

        assert browser.get(address(release, "sheet_pdf", sheet.pk)).status_code == 302


class TestCommand:
    def test_everything_is_written(self, tmp_path):
        year = feedback.freeze(feedback.TINY).round.fiscal_year

        call_command("make_release", fiscal_year=year, output=tmp_path, stdout=io.StringIO())

        assert len(list(tmp_path.rglob("*.pdf"))) == 3
        assert (tmp_path / "figures.csv").read_text("utf-8").startswith(FIGURES)
        assert (tmp_path / "units.csv").read_text("utf-8").startswith("fiscal_year,")
        certificate = json.loads((tmp_path / "certificate.json").read_text("utf-8"))
        assert certificate["fiscal_year"] == year
        call_command("make_release", fiscal_year=year, output=tmp_path, stdout=io.StringIO())
        assert FeedbackRelease.objects.count() == 1

    def test_refusing_audit_is_an_error_and_writes_nothing(self, tmp_path):
        refused = feedback.refused_correction()

        with pytest.raises(CommandError, match="監査に合格しませんでした"):
            call_command("make_release", fiscal_year=refused.round.fiscal_year, output=tmp_path)

        assert (list(tmp_path.iterdir()), FeedbackRelease.objects.count()) == ([], 1)

    def test_year_without_a_closed_round_is_an_error(self, tmp_path):
        with pytest.raises(CommandError, match="締めていません"):
            call_command("make_release", fiscal_year=1999, output=tmp_path)
