"""What every installation starts with: organisation, skill framework, synonyms of the search, prompts and headings of
interviews, autumn questionnaire.

Read from `fixtures/` and written through ordinary models; what is already there stays as it is.
"""

from __future__ import annotations

import csv
import datetime
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from career_portal.skills.models import Skill, SkillFramework
from career_portal.staff.models import Bureau, Section
from interviews.models import Prompt
from interviews.records.template_services import load_templates
from postings.models import SynonymGroup
from postings.search.synonym_services import write_terms
from surveys.models import Part, Question, Questionnaire

# The day the ministry was founded: units hold from then on unless a reorganisation says otherwise.
FOUNDED_ON = datetime.date(2001, 1, 6)
FRAMEWORK_PUBLISHED_ON = datetime.date(2023, 4, 1)
QUESTIONNAIRE_VERSION = "1"


@dataclass(frozen=True)
class ReferenceData:
    """What the rest of an installation refers to."""

    framework: SkillFramework
    questionnaire: Questionnaire


def fixture_path(*parts: str) -> Path:
    """A file below `fixtures/`."""
    return Path(settings.BASE_DIR).joinpath("fixtures", *parts)


def read_rows(*parts: str) -> list[dict[str, str]]:
    """The rows of a CSV fixture."""
    with fixture_path(*parts).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read_json(*parts: str) -> Any:
    """The content of a JSON fixture."""
    return json.loads(fixture_path(*parts).read_text(encoding="utf-8"))


@transaction.atomic
def load_reference_data() -> ReferenceData:
    """Organisation, framework, synonyms, prompts and headings of interviews, questionnaire.

    Each is loaded only where nothing of it exists yet.
    """
    if not Bureau.objects.exists():
        _load_organisation()
    framework = SkillFramework.objects.order_by("pk").last() or _load_framework()
    if not SynonymGroup.objects.exists():
        _load_synonyms()
    if not Prompt.objects.exists():
        _load_prompts()
    load_templates(read_json("interviews", "templates.json"))
    questionnaire = Questionnaire.objects.order_by("pk").last() or _load_questionnaire(framework)
    return ReferenceData(framework=framework, questionnaire=questionnaire)


def _load_organisation() -> None:
    bureaus = Bureau.objects.bulk_create(
        Bureau(
            code=row["code"],
            name=row["name"],
            short_name=row["short_name"],
            place=row["place"],
            sort_order=int(row["sort_order"]),
            valid_from=FOUNDED_ON,
        )
        for row in read_rows("organisation", "bureaus.csv")
    )
    by_code = {bureau.code: bureau for bureau in bureaus}
    Section.objects.bulk_create(
        _section(row, by_code[row["bureau_code"]], order)
        for order, row in enumerate(read_rows("organisation", "sections.csv"), start=1)
    )


def _section(row: dict[str, str], bureau: Bureau, order: int) -> Section:
    return Section(
        bureau=bureau,
        code=row["code"],
        division=row["division"],
        name=row["section"],
        english_name=row["english_name"],
        kind=row["kind"],
        duties=row["duties"],
        source=row["source"],
        topics=row["topics"],
        field_code=row["field"],
        second_field_code=row["second_field"],
        place=row["place"],
        sort_order=order,
        valid_from=FOUNDED_ON,
    )


def _load_framework() -> SkillFramework:
    described = read_json("skills", "framework.json")
    framework = SkillFramework.objects.create(
        version=described["version"],
        title=described["title"],
        published_on=FRAMEWORK_PUBLISHED_ON,
    )
    Skill.objects.bulk_create(
        Skill(
            framework=framework,
            code=skill["code"],
            kind=skill["kind"],
            name=skill["name"],
            note=skill["note"],
            sort_order=order,
        )
        for order, skill in enumerate(described["skills"], start=1)
    )
    return framework


def _load_synonyms() -> None:
    for entry in read_json("search", "synonyms.json"):
        group = SynonymGroup.objects.create(note=entry["note"])
        write_terms(group, entry["terms"])


def _load_prompts() -> None:
    # As if they had always been there: talks that were made before get them too.
    founded = datetime.datetime.combine(FOUNDED_ON, datetime.time(), datetime.UTC)
    Prompt.objects.bulk_create(
        Prompt(**entry, sort_order=order, added_at=founded)
        for order, entry in enumerate(read_json("interviews", "prompts.json"), start=1)
    )


def _load_questionnaire(framework: SkillFramework) -> Questionnaire:
    described = read_json("questionnaires", "hope_survey.json")
    if not SynonymGroup.objects.exists():
        _load_synonyms()
    load_templates(read_json("interviews", "templates.json"))
    questionnaire = Questionnaire.objects.create(
        code=described["code"],
        version=QUESTIONNAIRE_VERSION,
        title=described["title"],
        framework=framework,
    )
    for entry in described["parts"]:
        part = Part.objects.create(
            questionnaire=questionnaire,
            **{name: value for name, value in entry.items() if name != "questions"},
        )
        Question.objects.bulk_create(
            _question(part, question, order)
            for order, question in enumerate(entry["questions"], start=1)
        )
    return questionnaire


def _question(part: Part, entry: dict[str, Any], order: int) -> Question:
    return Question(
        part=part,
        code=entry["code"],
        kind=entry["kind"],
        label=entry["label"],
        summary_label=entry["summary_label"],
        support=entry["support"],
        skill_code=entry["skill"],
        options=entry["options"],
        max_length=entry["max_length"] or None,
        is_required=entry["is_required"],
        is_key=entry["is_key"],
        sort_order=order,
    )
