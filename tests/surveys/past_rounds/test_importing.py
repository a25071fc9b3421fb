"""Bringing an earlier round along: into an empty portal, once, whole, and on to sheets and files."""

import csv
import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from surveys.feedback_sheets import assembling, steering_services
from surveys.feedback_sheets.figures import HIDDEN, Measure
from surveys.feedback_sheets.freezing_services import NotHeldHere, freeze_round
from surveys.models import (
    FeedbackRelease,
    FrozenFigure,
    ImportedAnswer,
    RoundFreeze,
    RoundUnit,
    SurveyRound,
)
from surveys.past_rounds import services
from tests.factories import feedback
from tests.factories.past_rounds import PastFiles
from tests.factories.staff import UserFactory

pytestmark = pytest.mark.django_db

SMALL = {"KAN": {"HISHO": 20, "J-KAN": {"KAIKEI": 6, "KOHO": 7}}, "SHO": {"SOMU": 15}}


def run(files, folder, *further, command="import_round"):
    """Run the command; what it printed."""
    out = StringIO()
    options = [f"--fiscal-year={files.year}", *files.put(folder), *further]
    call_command(command, *options, stdout=out, stderr=out)
    return out.getvalue()


def release_files(year, folder):
    """Make the release of a year; its folder."""
    call_command("make_release", f"--fiscal-year={year}", f"--output={folder}", stdout=StringIO())
    return folder


def rows(folder, name="figures.csv"):
    with (folder / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def figure(unit, question):
    return FrozenFigure.objects.get(unit__code=unit, question__code=question)


def test_figures_are_counted_from_the_answers_of_the_file(tmp_path):
    run(PastFiles(), tmp_path)

    whole = figure("M", "growth_felt")
    assert (whole.answers, whole.favourable + whole.neutral + whole.unfavourable) == (103, 103)
    section = figure("HISHO", "growth_felt")
    assert (section.answers, section.favourable, section.unfavourable) == (20, 8, 8)
    assert figure("HISHO", "a1").points == sum(1 + (n + 2) % 5 for n in range(20))
    assert figure("HISHO", "b1_02_wish").wishes == 10
    assert figure("J-KAN", "growth_felt").answers == 13
    assert not FrozenFigure.objects.filter(unit__code="KAIKEI").exists()
    joint, member = RoundUnit.objects.get(code="J-KAN"), RoundUnit.objects.get(code="KAIKEI")
    assert (joint.is_joint, member.is_member, member.parent) == (True, True, joint)
    assert joint.headcount == 15


def test_empty_answers_are_not_counted_and_who_gave_none_took_no_part(tmp_path):
    files = PastFiles()
    for row in files.answers:
        if row[2] == "HISHO-000" or (row[2] == "HISHO-001" and row[3] == "a1"):
            row[4] = ""
    run(files, tmp_path)

    assert figure("HISHO", "growth_felt").answers == 19
    assert figure("HISHO", "a1").answers == 18
    assert RoundUnit.objects.get(code="HISHO").members.count() == 19


def test_a_dry_run_stores_nothing(tmp_path):
    said = run(PastFiles(), tmp_path, "--dry-run")

    assert "回答者 103人" in said
    assert "まだ何も取り込んでいません" in said
    assert not SurveyRound.objects.exists()


def test_the_same_files_again_change_nothing_whatever_their_order(tmp_path):
    files = PastFiles()
    run(files, tmp_path)
    files.answers.reverse()

    said = run(files, tmp_path)

    assert "取り込み済み" in said
    assert RoundFreeze.objects.count() == 1
    assert ImportedAnswer.objects.count() == len(files.answers)


def test_other_content_for_the_year_is_a_correction_with_a_reason(tmp_path):
    files = PastFiles()
    run(files, tmp_path)
    files.answers[0][4] = 5

    with pytest.raises(CommandError, match="別の内容で取り込み済み"):
        run(files, tmp_path)
    assert RoundFreeze.objects.count() == 1

    run(files, tmp_path, "--reason=入力の誤り")
    assert list(RoundFreeze.objects.values_list("number", "reason")) == [
        (1, ""),
        (2, "入力の誤り"),
    ]


def test_a_round_held_here_is_never_replaced(tmp_path):
    held = feedback.closed_round(2024)

    with pytest.raises(CommandError, match="この仕組みで実施しています"):
        run(PastFiles(), tmp_path, "--reason=直す")

    assert not held.freezes.exists()


def test_a_year_to_come_is_refused(tmp_path):
    with pytest.raises(CommandError, match="今日までの日"):
        run(PastFiles(year=2999), tmp_path)


def test_one_bad_row_keeps_all_of_it_out(tmp_path):
    files = PastFiles()
    files.answers[7][4] = 6
    heard = StringIO()

    with pytest.raises(CommandError, match="1件"):
        call_command(
            "import_round", "--fiscal-year=2024", *files.put(tmp_path), stderr=heard, stdout=heard
        )

    assert "answers.csv 9行目：answerは、1から5までの整数か、空にしてください。" in heard.getvalue()
    assert not SurveyRound.objects.exists()


@pytest.fixture
def folders(tmp_path, disk):
    """Two years of an empty portal, as the commands leave them."""
    found = []
    for year in (2023, 2024):
        run(PastFiles(year=year, tree=SMALL), tmp_path)
        found.append(release_files(year, tmp_path / f"out-{year}"))
    return found


def test_two_years_become_sheets_and_files_and_are_compared(folders):
    first, second = folders
    found = rows(second)
    assert len(list(second.glob("sheets/**/*.pdf"))) == 6
    assert json.loads((second / "certificate.json").read_text())["fiscal_year"] == 2024
    assert [row for row in found if row["fiscal_year"] == "2023"] == rows(first)
    assert {tuple(map(str, row)) for row in PastFiles(year=2024, tree=SMALL).units} < {
        tuple(row.values()) for row in rows(second, "units.csv")
    }

    per_unit = {}
    for row in found:
        key = (row["fiscal_year"], row["unit_level"], row["unit_code"])
        per_unit.setdefault(key, []).append((row["question_code"], row["measure"]))
    assert len({tuple(lines) for lines in per_unit.values()}) == 1
    assert len(per_unit) == 12
    # Rule 13: nothing of that kind below bureaus.
    sensitive = [row for row in found if row["question_code"] == "leave" and row["shown"] == "1"]
    assert {row["unit_level"] for row in sensitive} == {"ministry", "bureau"}

    release = FeedbackRelease.released_in(2024)
    before = assembling.assemble(release.sheets.get(unit__code="SOMU")).last_year
    assert before.not_compared == frozenset()
    assert before.figures["growth_felt", Measure.FAVOURABLE].value != HIDDEN
    with pytest.raises(steering_services.NotToBeSteered):
        steering_services.cancel_release(release, by=feedback.feedback_admin())


def test_a_correction_is_audited_with_what_was_written_out(tmp_path, disk):
    files = PastFiles(tree=SMALL)
    run(files, tmp_path)
    release_files(2024, tmp_path / "first")
    for row in files.answers:
        if row[2] in {"HISHO-000", "HISHO-001", "HISHO-002"}:
            row[1] = "SOMU"
    run(files, tmp_path, "--reason=所属の誤り")

    with pytest.raises(CommandError, match="すでに出したシートと並べると"):
        release_files(2024, tmp_path / "second")

    assert not (tmp_path / "second").exists()
    assert FeedbackRelease.objects.count() == 1


def test_texts_are_compared_where_a_file_gave_no_more(tmp_path):
    run(PastFiles(year=2023), tmp_path)
    later = PastFiles(year=2024)
    later.questions[0][2] = "この1年で成長した"
    run(later, tmp_path)

    before, after = (
        {question.code: question for question in freeze.questions.all()}
        for freeze in RoundFreeze.objects.order_by("round__fiscal_year")
    )
    alike = {code for code, question in after.items() if question.is_asked_like(before[code])}
    assert alike == before.keys() - {"growth_felt"}


def test_a_correction_of_a_past_round_comes_from_files_only(tmp_path):
    run(PastFiles(), tmp_path)
    held = SurveyRound.objects.get()
    assert freeze_round(held) == held.freezes.get()
    with pytest.raises(NotHeldHere):
        freeze_round(held, reason="直す")


def test_only_the_feedback_admin_imports(tmp_path):
    with pytest.raises(services.ImportRefused):
        services.import_round(PastFiles().checked(), by=UserFactory())
    assert not SurveyRound.objects.exists()
    assert services.import_round(PastFiles().checked(), by=feedback.feedback_admin()).number == 1
