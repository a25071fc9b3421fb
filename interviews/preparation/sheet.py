"""The preparation sheet of a booked talk, as the page and the paper show it: the same for both who talk."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from career_portal.audit.services import record_reads_of_many
from career_portal.common.clock import fiscal_year, today
from career_portal.common.era import fiscal_year_name
from career_portal.staff.models import User
from interviews.facts import Fact
from interviews.models import Interview, Prompt
from interviews.preparation.choosing import choose
from interviews.preparation.gathering import (
    Agreement,
    Gathered,
    capacity_of,
    gather,
    last_agreements,
)
from surveys.asked import AskedQuestion
from surveys.models import Question
from surveys.models.reading import HOPE_SURVEY
from surveys.models.wishes import HOPES, TIMING
from surveys.submitted import ShownPart

RESPONSE_HINTS = {
    "listen": "助言や提案は、求められてからで間に合います。",
    "think": "答えを示すより、考えが整うのを待ちます。",
    "advise": "経験は、ひとつの例として話します。選ぶのは本人です。",
    "connect": "だれに、何をつなぐと助かるのかを、先に聴きます。",
}
# What one may want most of in ②, ③ and ④.
WISHES = {
    "competencies": Fact.WISH_COMPETENCY,
    "expertise": Fact.WISH_FIELD,
    "skills": Fact.WISH_SKILL,
}
COMPARED = (*WISHES, "posts")
CHANGES = 4
GROWTH = {"1": Fact.GROWTH_LOW, "2": Fact.GROWTH_LOW, "4": Fact.GROWTH_HIGH, "5": Fact.GROWTH_HIGH}


@dataclass(frozen=True)
class SheetRow:
    """One thing that the interviewee wrote: its name, and a line or several; `typed` are his own words."""

    name: str
    lines: tuple[str, ...]
    typed: bool = False


@dataclass(frozen=True)
class Sheet:
    """Everything that stands on a sheet."""

    family_name: str
    response: str
    response_hint: str
    topic: str
    agreements: tuple[Agreement, ...]
    heading: str
    rows: tuple[SheetRow, ...]
    questions: tuple[Prompt, ...]
    assumption: Prompt | None

    @property
    def has_wish(self) -> bool:
        """Whether anything of ⑧ was released."""
        return bool(self.response or self.topic)

    @property
    def length(self) -> int:
        """How much stands on it, in characters: the paper chooses its size by it."""
        written = [self.topic, *(line for row in self.rows for line in row.lines)]
        return sum(map(len, written)) + sum(len(each.text) for each in self.agreements)


def read_sheet(interview: Interview, *, by: User) -> Sheet:
    """The sheet of a talk; where the interviewer reads it, each part it is made of is logged in the same transaction."""
    gathered = gather(interview)
    if by.pk == interview.interviewer_id:
        record_reads_of_many(
            by=by,
            capacity=f"{capacity_of(interview)}（面談の準備）",
            object_kind=HOPE_SURVEY,
            reads=[(interview.interviewee_id, pk, code) for pk, code in gathered.reads],
        )
    return make_sheet(interview, gathered, last_agreements(interview))


def make_sheet(
    interview: Interview, gathered: Gathered, agreements: tuple[Agreement, ...]
) -> Sheet:
    """The sheet out of what was gathered; the prompts are chosen by what stands on it and by nothing else."""
    changes = list(_changes(gathered))
    wish = gathered.now.get("interview")
    earlier = Interview.objects.visible_to(interview.interviewer).filter(
        interviewer=interview.interviewer, interviewee=interview.interviewee
    )
    is_again = earlier.filter(
        state=Interview.State.HELD, period__startswith__lt=interview.period.lower
    ).exists()
    facts = {f"kind:{interview.kind}", Fact.AGAIN if is_again else Fact.FIRST}
    facts.update(_facts(gathered), [Fact.CHANGED] if changes else [])
    facts.update([Fact.AGREED] if agreements else [])
    bank = Prompt.objects.visible_to(interview.interviewer).in_use_at(interview.made_at)
    turn = earlier.filter(pk__lt=interview.pk).count()
    chosen = choose(bank, {str(fact) for fact in facts}, turn)
    return Sheet(
        family_name=interview.interviewee.family_name,
        response=wish.words_of("response") if wish else "",
        response_hint=RESPONSE_HINTS.get(_answer(wish, "response"), ""),
        topic=wish.words_of("topic") if wish else "",
        agreements=agreements,
        heading=_heading(gathered.fiscal_year),
        rows=tuple(_rows(gathered, changes)),
        questions=chosen.questions,
        assumption=chosen.assumption,
    )


def _heading(year: int) -> str:
    """Over what was written: this year's, else of which year; no round has ever begun where there is none."""
    if year == fiscal_year(today()):
        return "今年の記入から"
    return f"{fiscal_year_name(year)}の記入から" if year else ""


def _answer(shown: ShownPart | None, code: str) -> str:
    """A single answer as it is stored; nothing where the part or the answer is not there."""
    return str(shown.answers.answers.get(code, "")) if shown else ""


def _facts(gathered: Gathered) -> Iterator[str]:
    now = gathered.now
    if not now:
        yield Fact.BARE
    for code, fact in WISHES.items():
        if code in now and now[code].skills_hoped_for:
            yield fact
    for part, question, fact in (
        ("interview", "topic", Fact.TOPIC),
        ("reflection", "gained", Fact.GAINED),
        ("future", "in_five_years", Fact.FUTURE),
    ):
        if _answer(now.get(part), question).strip():
            yield fact
    if "posts" in now and now["posts"].answers.post_titles:
        yield Fact.POSTS
    if growth := GROWTH.get(_answer(now.get("reflection"), "growth_felt")):
        yield growth
    yield f"response:{_answer(now.get('interview'), 'response')}"
    yield f"move:{_answer(now.get('posts'), TIMING)}"


def _rows(gathered: Gathered, changes: list[str]) -> Iterator[SheetRow]:
    now = gathered.now
    reflection, posts, future = (now.get(code) for code in ("reflection", "posts", "future"))
    if reflection and (gained := reflection.words_of("gained").strip()):
        yield SheetRow("得たと感じること", (gained,), typed=True)
    hoped = [name for code in WISHES if code in now for name in now[code].skills_hoped_for]
    if hoped:
        yield SheetRow("とくに伸ばしたい", ("、".join(hoped),))
    if changes:
        more = len(changes) - CHANGES
        rest = [f"ほかに{more}つあります。"] if more > 0 else []
        yield SheetRow("昨年から変わった", (*changes[:CHANGES], *rest))
    if reflection and (growth := reflection.words_of("growth_felt")):
        before = gathered.before.get("reflection")
        then = before.words_of("growth_felt") if before else ""
        yield SheetRow("成長の実感", (f"{growth}（昨年：{then}）" if then else growth,))
    if posts:
        titles = [title for one in posts.part.post_questions if (title := posts.words(one))]
        if titles:
            yield SheetRow("希望するポスト", tuple(titles))
        if timing := posts.words_of(TIMING):
            yield SheetRow("異動の時期", (timing,))
    if future and (hope := future.words_of("in_five_years").strip()):
        yield SheetRow("5年後のありたい姿", (hope,), typed=True)


def _changes(gathered: Gathered) -> Iterator[str]:
    """What was answered otherwise than the year before, among the wishes, levels and posts; not what one wrote freely."""
    for code in COMPARED:
        now, before = gathered.now.get(code), gathered.before.get(code)
        if now is None or before is None:
            continue
        earlier = {question.code: question for question in before.part.questions}
        for question in now.part.questions:
            then = earlier.get(question.code)
            if then is None or question.is_text or then.options != question.options:
                continue
            was, is_now = before.words(then), now.words(question)
            if was and is_now and was != is_now and _counts(question, now, before):
                yield f"{_short(question)}：{_plain(was)} → {_plain(is_now)}"


def _counts(question: AskedQuestion, now: ShownPart, before: ShownPart) -> bool:
    """Of a wish only what became one of the first or was one; of experience nothing, which grows by itself.

    A post that was given another title is the same post.
    """
    if question.kind == Question.Kind.POST:
        return _post(question, now) != _post(question, before)
    if question.skill is None or question.kind == Question.Kind.LEVEL:
        return True
    answers = {_answer(now, question.code), _answer(before, question.code)}
    return question.code.endswith("_wish") and HOPES[0] in answers


def _post(question: AskedQuestion, shown: ShownPart) -> object:
    rows = shown.answers.post_title_rows
    return next((row["post"] for row in rows if row["code"] == question.code), None)


def _short(question: AskedQuestion) -> str:
    if question.skill is None:
        return question.summary_label
    is_level = question.kind == Question.Kind.LEVEL
    return question.skill.name if is_level else f"{question.skill.name}の希望"


def _plain(words: str) -> str:
    return words.replace("\N{IDEOGRAPHIC SPACE}", " ")
