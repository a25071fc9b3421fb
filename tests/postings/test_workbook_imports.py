"""The catalogue out as a file and in again: what would change is told, what is confirmed is made whole, and only once."""

import pytest

from career_portal.staff.roles import Role
from postings.models import PostDescription, PostImport, PostVersion, VersionWriter
from postings.workbook import services
from tests.factories.postings import PostDescriptionFactory, content, framework, version_of
from tests.factories.staff import RoleGrantFactory, SectionFactory
from tests.postings.workbooks import (
    as_csv,
    cell,
    checked,
    confirmed,
    counts,
    everything,
    exported,
    new_row,
    problems,
    uploaded,
    with_cells,
    worked,
)

pytestmark = pytest.mark.django_db
State = PostImport.State


@pytest.fixture
def hr():
    framework()
    return RoleGrantFactory(role=Role.HR, user__family_name="長尾").user


@pytest.fixture
def section():
    return SectionFactory()


@pytest.fixture
def posts(section):
    said = content()
    return [
        PostDescriptionFactory(
            section=section,
            code=f"{section.code}-{number}",
            gained=said.gained,
            required=said.required,
        )
        for number in (1, 2, 3)
    ]


@pytest.mark.parametrize("file_format", ["xlsx", "csv"])
def test_file_that_nobody_edited_changes_nothing(hr, posts, file_format):
    version_of(posts[1], draft=True, title="書きかけ", duties="'=式ではない\n- 箇条書き\n_x0041_")

    found = checked(exported(hr, file_format), hr)

    assert (found.state, counts(found)) == (State.CHECKED, (0, 0, 3, 0))
    with pytest.raises(services.NotToBeConfirmed):
        services.confirm_import(found, by=hr)


def test_edited_row_is_told_field_by_field_and_becomes_a_draft_of_whoever_imports(hr, posts):
    file = with_cells(
        exported(hr),
        {
            (2, "mission"): "別のことをします。",
            (2, "gained_2_skill"): "語学",
            (2, "gained_2_strength"): "ふれる機会がある",
            (3, "grade"): "課長補佐",
        },
    )

    found = checked(file, hr)
    changes = found.rows.get(number=2).changes
    assert counts(found) == (0, 2, 1, 0)
    assert [change["name"] for change in changes] == ["mission", "gained"]
    assert changes[0] == {
        "name": "mission",
        "old": posts[0].shown.mission,
        "new": "別のことをします。",
    }
    assert PostVersion.objects.open().count() == 0

    services.confirm_import(found, by=hr)
    worked(found)

    draft = posts[0].versions.open().get()
    assert (found.state, draft.stage, draft.number) == (State.CONFIRMED, "draft", 2)
    assert draft.mission == "別のことをします。"
    assert [skill.skill.code for skill in draft.skills.filter(relation="gained")] == [
        "B1-02",
        "B2-04",
    ]
    assert VersionWriter.objects.filter(version=draft, user=hr).exists()
    with pytest.raises(services.NotToBeConfirmed):
        services.confirm_import(found, by=hr)


def test_row_without_a_code_becomes_a_post_of_the_section_that_it_names(hr, section, posts):
    other = SectionFactory(division="大臣官房")
    rows = [
        new_row(section, title="一つ目"),
        new_row(section, title="二つ目"),
        new_row(other, title="三つ目"),
    ]

    found = confirmed(as_csv(rows), hr, "新しいポスト.csv")

    made = PostDescription.objects.filter(shown__isnull=True)
    assert counts(found) == (3, 0, 0, 0)
    assert set(made.values_list("code", "versions__title")) == {
        (f"{section.code}-4", "一つ目"),
        (f"{section.code}-5", "二つ目"),
        (f"{other.code}-1", "三つ目"),
    }


@pytest.mark.parametrize("file_format", ["xlsx", "csv"])
def test_same_file_twice_changes_nothing(hr, section, posts, file_format):
    rows = [new_row(section), new_row(section, title="別の係長")]
    file = with_cells(exported(hr), {(2, "team"): "班長1、係員2。"})
    if file_format == "csv":
        file = as_csv(rows)
    confirmed(file, hr)
    before = everything()

    again = checked(file, hr)

    assert again.added + again.changed + again.refused == 0
    assert again.remarks[0].startswith("同じファイルは、")
    assert everything() == before


def test_same_file_adds_no_post_again_once_its_text_was_edited(hr, section):
    file = as_csv([new_row(section), new_row(section, title="別の係長")])
    confirmed(file, hr)
    PostVersion.objects.update(mission="画面で書き直した")

    again = checked(file, RoleGrantFactory(role=Role.HR).user)

    assert counts(again) == (0, 0, 2, 0)


def test_draft_that_is_there_is_written_out_and_saved_over(hr, posts):
    draft = version_of(posts[0], draft=True, title="書きかけ", mission="途中")
    file = with_cells(exported(hr), {(2, "mission"): "書き直した"})

    found = confirmed(file, hr)

    draft.refresh_from_db()
    row = found.rows.get(kind="changed")
    assert (draft.title, draft.mission, draft.edit) == ("書きかけ", "書き直した", 2)
    assert draft.edited_by == hr
    assert (row.made, row.made_edit, row.began) == (draft, 2, False)
    assert row.replaced["mission"] == "途中"


def test_text_that_somebody_saved_since_is_refused_only_where_the_row_was_edited(hr, posts):
    file = with_cells(exported(hr), {(2, "mission"): "表で直した"})
    for post in posts[:2]:
        version_of(post, draft=True, title="ほかの人", mission="画面で直した")

    found = checked(file, hr)

    assert counts(found) == (0, 0, 2, 1)
    [(place, sentence)] = problems(found)
    assert place == f"ポスト!{cell(2, 'base')}"
    assert sentence.startswith("書き出したあとに")


@pytest.mark.parametrize("stage", ["in_review", "approved"])
def test_post_with_a_version_on_its_way_is_refused(hr, posts, stage):
    version = version_of(posts[0], draft=True, title="確認中")
    file = with_cells(exported(hr), {(2, "mission"): "表で直した"})
    other = RoleGrantFactory(role=Role.HR).user
    PostVersion.objects.filter(pk=version.pk).update(
        stage=stage,
        submitted_by=version.edited_by,
        approved_by=other if stage == "approved" else None,
        publish_on="2030-01-01" if stage == "approved" else None,
    )

    found = checked(file, hr)

    assert counts(found) == (0, 0, 2, 1)
    assert "確認中または公開待ちの版" in problems(found)[0][1]


def test_rows_that_cannot_be_taken_are_refused_with_their_cells(hr, section):
    ended = SectionFactory(valid_until="2021-01-01")
    twin = SectionFactory(bureau=section.bureau, division="第一部", name="総務課")
    SectionFactory(bureau=section.bureau, division="第二部", name="総務課")
    rows = [
        new_row(section, title=""),
        new_row(section, grade="局長"),
        new_row(section, gained_1_skill="魔法"),
        new_row(section, gained_1_strength="すごい"),
        new_row(section, gained_1_skill="", gained_1_strength=""),
        new_row(section, gained_2_skill="通商・貿易", gained_2_strength="ふれる機会がある"),
        new_row(section, next_review_on="来年の春"),
        new_row(section, section="ない課"),
        new_row(twin, division=""),
        new_row(ended),
        new_row(section, code="なし-1"),
        new_row(section, mission="文\x01字"),
        new_row(section, section=""),
        new_row(section),
        new_row(section),
    ]

    found = checked(as_csv(rows), hr)

    assert counts(found) == (1, 0, 0, 14)
    said = dict(problems(found))
    expected = {
        (2, "title"): "職名を入力してください。",
        (3, "grade"): "職層「局長」は選べません",
        (4, "gained_1_skill"): "スキル「魔法」は",
        (5, "gained_1_strength"): "強さは「仕事の中心で伸びる、",
        (6, "gained_1_skill"): "スキルがないのに",
        (7, "gained_1_skill"): "習得が見込まれるスキルに、同じスキルが2回",
        (8, "next_review_on"): "日付として読めません",
        (9, "section"): "「第",
        (10, "section"): "「第",
        (11, "section"): "「第",
        (12, "code"): "このコードのポストは",
        (13, "mission"): "使えない文字",
        (14, "section"): "局・庁と課室を",
        (16, "title"): "15行目と同じ内容",
    }
    assert {cell(*place) for place in expected} == set(said)
    for place, sentence in expected.items():
        assert said[cell(*place)].startswith(sentence)
    assert "部・グループも" in said[cell(10, "section")]


def test_section_is_found_without_regard_to_width_and_blanks(hr):
    section = SectionFactory(
        name="総務課", division="ＡＢ部", bureau__name="第 一局", bureau__short_name="一局"
    )

    found = checked(
        as_csv([new_row(section, bureau="一局", division="AB部", section=" 総務 課")]), hr
    )

    assert counts(found) == (1, 0, 0, 0)


def test_same_code_in_two_rows_refuses_both(hr, posts):
    file = with_cells(exported(hr), {(3, "code"): posts[0].code})

    found = checked(file, hr)

    assert counts(found) == (0, 0, 1, 2)
    assert {sentence for _, sentence in problems(found)} == {
        "同じコードが2行以上にあります（2、3行目）。1行だけ残してください。"
    }


def test_row_whose_section_was_changed_is_refused(hr, posts):
    file = with_cells(exported(hr), {(2, "section"): SectionFactory().name})

    assert "課室の間で移すことは" in problems(checked(file, hr))[0][1]


def test_hr_of_a_bureau_writes_out_and_imports_its_own_scope_alone(section, posts):
    framework()
    far = PostDescriptionFactory(mission="よその局の文")
    everybody = RoleGrantFactory(role=Role.HR).user
    officer = RoleGrantFactory(role=Role.HR, bureau=section.bureau).user
    assert counts(checked(exported(officer), officer)) == (0, 0, 3, 0)

    file = with_cells(exported(everybody), {(row, "team"): "係員2。" for row in range(2, 6)})
    found = checked(file, officer)
    rows = [new_row(section), new_row(far.section)]
    new = checked(as_csv(rows), officer)

    assert (counts(found), counts(new)) == ((0, 3, 0, 1), (1, 0, 0, 1))
    assert "担当の範囲にありません" in problems(found)[0][1]
    assert "担当の範囲の外" in problems(new)[0][1]


@pytest.mark.parametrize("role", [None, Role.SECTION_EDITOR, Role.AUDITOR])
def test_only_hr_imports(section, role):
    person = RoleGrantFactory(role=role or Role.MENTOR, section=section if role else None).user

    with pytest.raises(services.NotAllowed):
        uploaded(as_csv([new_row(section)]), person)


def test_right_that_ended_before_the_worker_came_makes_nothing(hr, section):
    found = uploaded(as_csv([new_row(section)]), hr)
    hr.role_grants.update(valid_until="2021-01-01")

    assert worked(found).state == State.FAILED
    assert (found.file, found.rows.count()) == ("", 0)


def test_another_officer_confirms_nothing(hr, section):
    found = checked(as_csv([new_row(section)]), hr)

    with pytest.raises(services.NotToBeConfirmed):
        services.confirm_import(found, by=RoleGrantFactory(role=Role.HR).user)


def test_what_changed_before_it_was_made_is_shown_again_and_nothing_is_made(hr, section, posts):
    file = with_cells(exported(hr), {(2, "team"): "係員2。", (3, "team"): "係員3。"})
    found = checked(file, hr)
    services.confirm_import(found, by=hr)
    version_of(posts[0], draft=True, title="ほかの人の下書き")
    before = everything()

    worked(found)

    assert (found.state, counts(found)) == (State.CHECKED, (0, 1, 1, 1))
    assert "1行の扱いが変わって" in found.sentence
    assert everything() == before
    services.confirm_import(found, by=hr)
    assert worked(found).state == State.CONFIRMED
