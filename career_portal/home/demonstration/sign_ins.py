"""The fixed sign-ins of the demonstration: who they are, where they sit, what they may do."""

from __future__ import annotations

from dataclasses import dataclass

from career_portal.home.demonstration.careers import Ministry, Person
from career_portal.home.demonstration.seats import (
    HOME_SECTION,
    NEIGHBOUR_SECTION,
    PERSONNEL_SECTION,
    Level,
    Seat,
)
from career_portal.home.demonstration.timeline import Timeline
from career_portal.staff.roles import Role


@dataclass(frozen=True)
class SignIn:
    """One account that anybody who tries the portal can use.

    He is a person of the ministry like any other, at a level in a section (by code); in a small ministry that leaves
    the section empty, he sits in the personnel section. `role` is granted to him.
    """

    username: str
    family_name: str
    given_name: str
    family_name_kana: str
    given_name_kana: str
    section: str
    level: Level
    role: Role | None = None


STAFF_MEMBER = "shokuin"
HEAD = "joushi"
NEXT_HEAD = "kounin"
HR, SECOND_HR = "jinji", "jinji2"
MENTOR = "mentor"
FEEDBACK_ADMIN = "shukei"
EDITOR = "henshu"

SIGN_INS = (
    SignIn(HEAD, "森下", "健吾", "もりした", "けんご", HOME_SECTION, Level.DIRECTOR),
    SignIn(STAFF_MEMBER, "佐伯", "遥", "さえき", "はるか", HOME_SECTION, Level.CHIEF),
    SignIn(NEXT_HEAD, "大庭", "美和", "おおば", "みわ", NEIGHBOUR_SECTION, Level.DEPUTY),
    SignIn("hosa", "三浦", "拓也", "みうら", "たくや", HOME_SECTION, Level.CLERK, Role.DELEGATE),
    SignIn(
        EDITOR,
        "古谷",
        "千尋",
        "ふるや",
        "ちひろ",
        HOME_SECTION,
        Level.DEPUTY,
        Role.SECTION_EDITOR,
    ),
    SignIn(HR, "長尾", "由佳", "ながお", "ゆか", PERSONNEL_SECTION, Level.DEPUTY, Role.HR),
    SignIn(SECOND_HR, "𠮷岡", "亮", "よしおか", "りょう", PERSONNEL_SECTION, Level.CHIEF, Role.HR),
    SignIn(
        FEEDBACK_ADMIN, "西山", "真", "にしやま", "まこと", "S009", Level.CHIEF, Role.FEEDBACK_ADMIN
    ),
    SignIn(
        MENTOR,
        "髙野",
        "裕子",
        "たかの",
        "ゆうこ",
        NEIGHBOUR_SECTION,
        Level.DIRECTOR,
        Role.MENTOR,
    ),
    SignIn("kansa", "岩﨑", "誠司", "いわさき", "せいじ", "S003", Level.CHIEF, Role.AUDITOR),
    SignIn("kanri", "堀内", "翼", "ほりうち", "つばさ", "S008", Level.CLERK, Role.SYSTEM_ADMIN),
)


@dataclass(frozen=True)
class Officers:
    """The two HR officers among the sign-ins, by the ids of their accounts."""

    first: int
    second: int


# How long somebody of a level has typically served; who comes nearest is chosen.
TYPICAL_SERVICE = {Level.CLERK: 7, Level.CHIEF: 14, Level.DEPUTY: 20, Level.DIRECTOR: 27}


def choose_people(ministry: Ministry, seats: list[Seat], timeline: Timeline) -> dict[str, Person]:
    """A person for each sign-in: of those who fit, whoever has served about as long as one does at the level.

    All of them have served since before the first round.
    """
    first_round = timeline.rounds()[0].reference_date
    chosen: dict[str, Person] = {}
    for sign_in in SIGN_INS:
        free = [
            seat
            for seat in seats
            if ministry.holder(seat) not in chosen.values()
            and ministry.holder(seat).stints[0].since <= first_round
            and seat.is_head == (sign_in.level == Level.DIRECTOR)
        ]
        suitable = (
            [s for s in free if s.unit.code == sign_in.section and s.level == sign_in.level]
            or [s for s in free if s.unit.code == sign_in.section]
            or [s for s in free if s.unit.code == PERSONNEL_SECTION]
            or free
        )
        people = [ministry.holder(seat) for seat in suitable]
        years = TYPICAL_SERVICE[sign_in.level]
        served = [abs(person.years_of_service(timeline.today) - years) for person in people]
        chosen[sign_in.username] = people[served.index(min(served))]
    return chosen
