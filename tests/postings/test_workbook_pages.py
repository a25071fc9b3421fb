"""Pages of files: writing out, choosing a file, looking at what it would do, confirming, undoing."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from career_portal.common import tables, uploads
from career_portal.staff.roles import Role
from postings.models import PostDescription, PostImport
from postings.workbook import services
from postings.workbook.columns import COLUMNS, INSTRUCTIONS, SHEET
from postings.workbook.writing import FIXED_FILL
from tests.factories.postings import (
    PostDescriptionFactory,
    archive,
    content,
    framework,
    version_of,
)
from tests.factories.staff import RoleGrantFactory
from tests.postings.workbooks import as_csv, checked, exported, new_row, with_cells, worked

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    framework()
    return RoleGrantFactory(role=Role.HR, user__family_name="長尾").user


@pytest.fixture
def hr(client, officer):
    client.force_login(officer)
    return client


@pytest.fixture
def posts():
    framework()
    said = content()
    return [PostDescriptionFactory(gained=said.gained, mission=f"{n}番目の文。") for n in range(3)]


def sheet_of(response):
    return load_workbook(io.BytesIO(response.getvalue()))


def export(client, **query):
    return client.get(reverse("postings:post_export"), {"file_format": "xlsx", **query})


def test_hr_is_led_to_files_and_a_section_editor_is_not(client, officer, posts):
    addresses = {reverse("postings:post_export"), reverse("postings:import_list")}
    editor = RoleGrantFactory(role=Role.SECTION_EDITOR, section=posts[0].section).user

    def offered(user):
        client.force_login(user)
        page = client.get(reverse("postings:manage_list")).content.decode()
        return {address for address in addresses if f'href="{address}"' in page}

    assert (offered(officer), offered(editor)) == (addresses, set())
    client.force_login(officer)
    for address in addresses:
        [current] = [item for item in client.get(address).context["navigation"] if item.current]
        assert current.label == "ポストの編集"


class TestOut:
    def test_workbook_begins_with_instructions_and_offers_choices(self, hr, posts):
        book = sheet_of(export(hr))

        assert book.sheetnames == [INSTRUCTIONS, SHEET, "選択肢"]
        assert {sheet.sheet_state for sheet in book} == {"visible"}
        sheet = book[SHEET]
        assert [cell.value for cell in sheet[1]] == [column.title for column in COLUMNS]
        grey = {cell.value for cell in sheet[1] if cell.fill.fgColor.rgb == f"00{FIXED_FILL}"}
        assert grey == {column.title for column in COLUMNS if column.is_fixed}
        assert sheet.auto_filter.ref == f"A1:{sheet.cell(1, len(COLUMNS)).column_letter}4"
        assert (sheet.freeze_panes, sheet.print_title_rows, sheet.print_title_cols) == (
            "F2",
            "$1:$1",
            "$A:$E",
        )
        assert {rule.type for rule in sheet.data_validations.dataValidation} == {"list"}
        assert len(sheet.data_validations.dataValidation) == 5
        assert sheet.max_row == 1 + len(posts)
        assert "担当するすべての局・庁" in str(list(book[INSTRUCTIONS].values))

    def test_conditions_choose_the_posts(self, hr, posts):
        archive(posts[0])
        version_of(posts[1], draft=True, title="書きかけの職名")
        bureau = posts[2].section.bureau

        def codes(**query):
            return {
                row[0].value for row in sheet_of(export(hr, **query))[SHEET].iter_rows(min_row=2)
            }

        assert codes() == {posts[1].code, posts[2].code}
        assert codes(state="archived") == {posts[0].code}
        assert codes(state="open") == {posts[1].code}
        assert codes(state="published", bureau=bureau.pk) == {posts[2].code}

    def test_csv_has_a_name_with_the_day(self, hr, posts):
        answer = export(hr, file_format="csv")

        assert answer.getvalue().startswith(b"\xef\xbb\xbf")
        assert ".csv" in answer["Content-Disposition"]

    @pytest.mark.parametrize("query", [{"file_format": "pdf"}, {"bureau": "999"}, {"state": "x"}])
    def test_conditions_that_are_none_are_asked_again(self, hr, query):
        answer = export(hr, **query)

        assert answer.status_code == 422
        assert "選択してください" in answer.content.decode()


def upload(client, data, name="ポスト.csv", **extra):
    file = SimpleUploadedFile(name, data)
    return client.post(reverse("postings:import_new"), {"file": file, **extra})


class TestChoosing:
    def test_file_is_taken_and_looked_at(self, hr, officer, posts):
        answer = upload(hr, as_csv([new_row(posts[0].section)]))

        found = PostImport.objects.get()
        assert answer["Location"] == reverse("postings:import_detail", args=[found.pk])
        page = hr.get(answer["Location"]).content.decode()
        assert 'data-poll="2"' in page
        worked(found)
        page = hr.get(answer["Location"]).content.decode()
        assert "data-poll" not in page
        assert "1件を下書きとして取り込む" in page

    @pytest.mark.parametrize(
        ("data", "name", "sentence"),
        [
            (b"", "a.xlsx", "ファイルが空です。"),
            (b"PK\x03\x04", "a.xlsx", "途中で切れている"),
            (bytes.fromhex("d0cf11e0a1b11ae1"), "a.xls", "古い形式"),
        ],
    )
    def test_what_is_no_table_at_first_sight_is_refused_beside_the_field(
        self, hr, data, name, sentence
    ):
        answer = upload(hr, data, name)

        page = answer.content.decode()
        assert (answer.status_code, PostImport.objects.exists()) == (422, False)
        assert page.count(sentence) == 2
        assert 'id="id_file_error"' in page

    def test_no_file_is_asked_for(self, hr):
        answer = hr.post(reverse("postings:import_new"))

        assert answer.status_code == 422
        assert "ファイルを選択してください" in answer.content.decode()

    def test_upload_beyond_the_limit_is_thrown_away_while_it_comes(self, hr, monkeypatch):
        monkeypatch.setattr(uploads, "MOST_BYTES", 100_000)

        answer = upload(hr, b"a" * 400_000)

        assert (answer.status_code, PostImport.objects.exists()) == (422, False)
        assert f"{tables.MOST_BYTES // 1024 // 1024}MBまで" in answer.content.decode()

    def test_name_of_a_file_is_shown_as_text(self, hr, officer, posts):
        name = "<b>" + "長" * 300 + ".csv"
        found = checked(as_csv([new_row(posts[0].section)]), officer, name)

        page = hr.get(reverse("postings:import_detail", args=[found.pk])).content.decode()

        assert len(found.file_name) == 200
        assert "<b>" not in page


def detail(client, found, **query):
    return client.get(reverse("postings:import_detail", args=[found.pk]), query).content.decode()


class TestLooking:
    @pytest.fixture
    def found(self, officer, posts):
        rows = {(2, "mission"): "0番目の言葉。", (3, "grade"): "局長"}
        new = new_row(posts[0].section, title="新しい係長")
        rows |= {(5, name): value for name, value in new.items()}
        return checked(with_cells(exported(officer), rows), officer)

    def test_each_kind_of_row_has_its_tab(self, hr, found, posts):
        refused = detail(hr, found)
        assert "ポスト!F3" in refused
        assert "職層「局長」は選べません" in refused
        changed = detail(hr, found, show="changed")
        assert "<del>文</del>" in changed
        assert "<ins>言葉</ins>" in changed
        assert "新しい係長" in detail(hr, found, show="added")
        assert posts[2].code in detail(hr, found, show="unchanged")
        assert "ポスト!F3" in detail(hr, found, show="nonsense")

    def test_way_from_confirming_to_the_end(self, hr, client, officer, found, posts):
        def post(name, **data):
            return client.post(reverse(f"postings:{name}", args=[found.pk]), data, follow=True)

        page = post("import_confirm").content.decode()
        assert "下書きをつくっています" in page
        worked(found)
        assert "2件を確認に出す" in detail(hr, found)
        page = post("import_submit").content.decode()
        assert "足りない項目" in page
        assert "どれも確認に出していません" in page
        page = hr.get(reverse("postings:import_undo", args=[found.pk])).content.decode()
        assert "取り込みでできた下書きを消す：1件" in page
        assert "取り込みを取り消しました。" in post("import_undo").content.decode()
        assert not PostDescription.objects.filter(shown__isnull=True).exists()
        answer = client.get(reverse("postings:import_undo", args=[found.pk]))
        assert answer.status_code == 302

    def test_another_officer_approves_on_the_same_page(self, client, officer, posts):
        found = checked(as_csv([new_row(posts[0].section)]), officer)
        client.force_login(RoleGrantFactory(role=Role.HR).user)
        assert "確定するのは、ファイルを選んだ人です。" in detail(client, found)
        services.confirm_import(found, by=officer)
        worked(found)
        client.force_login(officer)
        address = reverse("postings:import_submit", args=[found.pk])
        assert "1件を確認に出しました" in client.post(address, follow=True).content.decode()
        client.force_login(RoleGrantFactory(role=Role.HR).user)
        assert "まとめて承認する" in detail(client, found)

        address = reverse("postings:import_approve", args=[found.pk])
        refused = client.post(address, {"publish_on": "1999-01-01"})
        assert (refused.status_code, "今日より後の日" in refused.content.decode()) == (422, True)
        page = client.post(address, {"publish_on": "2030-01-01"}, follow=True).content.decode()

        assert "1件を承認しました" in page
        assert "公開待ち 1件" in page

    def test_pages_of_many_rows_take_the_same_statements(
        self, hr, officer, posts, django_assert_max_num_queries
    ):
        rows = [new_row(posts[0].section, title=f"係長{n}") for n in range(45)]
        found = checked(as_csv(rows), officer)

        with django_assert_max_num_queries(16):
            page = detail(hr, found, page=2)

        assert "2 / 3" in page
        assert page.count("cp-import-row__title") == 20

    def test_list_names_files_and_states(self, hr, found):
        page = hr.get(reverse("postings:import_list")).content.decode()

        assert "ポスト.xlsx" in page
        assert "確定前" in page
