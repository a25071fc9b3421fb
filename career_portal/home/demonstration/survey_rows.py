"""Forms put down as rows: surveys, submitted versions, working copies, readers."""

from __future__ import annotations

import datetime
import json
from dataclasses import dataclass
from random import Random

from career_portal.home.demonstration.bulk import BulkTable
from career_portal.home.demonstration.forms import Answers, Form
from career_portal.home.demonstration.timeline import RoundDates
from surveys.models import (
    DraftPart,
    DraftPostWish,
    HopeSurvey,
    MentorRelease,
    ReaderChoice,
    Submission,
    SubmittedPart,
    SubmittedPostWish,
)
from surveys.receipts import new_receipt_number

State = HopeSurvey.State
POSTS_PART = "posts"


@dataclass(frozen=True)
class RoundInUse:
    """A round with its dates, and its parts' ids by code, in order."""

    pk: int
    dates: RoundDates
    part_ids: dict[str, int]


@dataclass(frozen=True)
class HandedIn:
    """One version as it was handed in; `withdrawn_at` if it was taken back."""

    form: Form
    at: datetime.datetime
    withdrawn_at: datetime.datetime | None = None


class SurveyTables:
    """The tables of the hope survey on their way into the database."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._receipts: set[str] = set()
        self.surveys = BulkTable(
            HopeSurvey,
            "round",
            "user",
            "state",
            "is_correcting",
            "current_submission",
            "created_at",
        )
        self.submissions = BulkTable(
            Submission, "survey", "number", "receipt_number", "submitted_at", "withdrawn_at"
        )
        self.parts = BulkTable(SubmittedPart, "submission", "part", "answers")
        self.wishes = BulkTable(SubmittedPostWish, "part", "question_code", "post", "post_title")
        self.drafts = BulkTable(DraftPart, "survey", "part", "answers", "version", "saved_at")
        self.draft_wishes = BulkTable(DraftPostWish, "survey", "question_code", "post")
        self.readers = BulkTable(ReaderChoice, "survey", "part", "supervisor_reads")
        self.releases = BulkTable(MentorRelease, "survey", "part", "mentor", "released_at")

    def add_survey(
        self,
        round_: RoundInUse,
        user: int,
        began_at: datetime.datetime,
        versions: list[HandedIn],
        *,
        is_correcting: bool = False,
    ) -> int:
        """A person's form in a round with the versions handed in; without one, or taken back, none is in force."""
        survey = self.surveys.next_id
        current = None
        for number, version in enumerate(versions, start=1):
            current = self._add_submission(round_, survey, number, version)
        state = State.DRAFT
        if versions:
            is_withdrawn = versions[-1].withdrawn_at is not None
            state = State.WITHDRAWN if is_withdrawn else State.SUBMITTED
        in_force = current if state == State.SUBMITTED else None
        self.surveys.add(round_.pk, user, state, is_correcting, in_force, began_at)
        return survey

    def _add_submission(
        self, round_: RoundInUse, survey: int, number: int, version: HandedIn
    ) -> int:
        submission = self.submissions.add(
            survey, number, self._receipt(round_), version.at, version.withdrawn_at
        )
        for code, part_id in round_.part_ids.items():
            answers = version.form.parts.get(code)
            if answers is None:
                continue
            part = self.parts.add(submission, part_id, _json(answers))
            if code == POSTS_PART:
                for question, post in version.form.posts.items():
                    self.wishes.add(part, question, post.pk, post.in_words)
        return submission

    def add_drafts(
        self, round_: RoundInUse, survey: int, form: Form, saved: dict[str, datetime.datetime]
    ) -> None:
        """The working copy of every part written so far, with the instants of the last saves."""
        for code, part_id in round_.part_ids.items():
            if code in form.parts:
                saves = self._random.randint(1, 2 + 2 * len(form.parts[code]))
                self.drafts.add(survey, part_id, _json(form.parts[code]), saves, saved[code])
        for question, post in form.posts.items():
            self.draft_wishes.add(survey, question, post.pk)

    def flush(self) -> None:
        """Write what is left."""
        for table in self._tables():
            table.flush()

    def _tables(self) -> list[BulkTable]:
        return [
            self.surveys,
            self.submissions,
            self.parts,
            self.wishes,
            self.drafts,
            self.draft_wishes,
            self.readers,
            self.releases,
        ]

    def _receipt(self, round_: RoundInUse) -> str:
        """A receipt number from the seeded random, so that a seed repeats it."""
        while True:
            receipt = new_receipt_number(round_.dates.fiscal_year, self._random.choice)
            if receipt not in self._receipts:
                self._receipts.add(receipt)
                return receipt


def _json(answers: Answers) -> str:
    return json.dumps(answers, ensure_ascii=False, separators=(",", ":"))
