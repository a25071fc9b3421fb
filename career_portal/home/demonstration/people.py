"""Accounts of the invented staff: names with readings, staff numbers, states."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from random import Random

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX, make_password

from career_portal.home.demonstration.bulk import BulkTable
from career_portal.home.demonstration.careers import Person
from career_portal.home.demonstration.sign_ins import SIGN_INS, SignIn
from career_portal.home.demonstration.timeline import OPENS_AT, at
from career_portal.home.reference_data import read_json
from career_portal.staff.models import User

ON_LEAVE = 0.022
# Characters outside the usual sets, which every page, search and PDF must carry; some people bear them at any size.
RARE_CHARACTERS = "髙﨑𠮷"
MAIL_DOMAIN = "ministry.example.jp"


@dataclass(frozen=True)
class Name:
    """A family or given name with its reading."""

    written: str
    read: str


class Names:
    """Names by frequency."""

    def __init__(self, random: Random) -> None:
        listed = read_json("demo", "names.json")
        self._random = random
        self._family = [Name(entry["name"], entry["kana"]) for entry in listed["family"]]
        self._given = [Name(entry["name"], entry["kana"]) for entry in listed["given"]]
        self._family_weights = [entry["weight"] for entry in listed["family"]]
        self._given_weights = [entry["weight"] for entry in listed["given"]]

    def draw(self, count: int) -> list[tuple[Name, Name]]:
        """Full names for so many people."""
        families = self._random.choices(self._family, self._family_weights, k=count)
        given = self._random.choices(self._given, self._given_weights, k=count)
        return list(zip(families, given, strict=True))

    def with_character(self, character: str) -> Name:
        """A family name that has a character."""
        return self._random.choice([name for name in self._family if character in name.written])


class Accounts:
    """The accounts, with their ids by person."""

    def __init__(
        self,
        people: list[Person],
        sign_ins: dict[str, Person],
        today: datetime.date,
        random: Random,
    ) -> None:
        self._people = people
        self._today = today
        self._random = random
        fixed = {sign_in.username: sign_in for sign_in in SIGN_INS}
        self._fixed = {person.number: fixed[name] for name, person in sign_ins.items()}
        self.on_leave = {
            person.number
            for person in people
            if person.left_on is None
            and not person.current.seat.is_head
            and person.number not in self._fixed
            and random.random() < ON_LEAVE
        }
        self.ids: list[int] = []

    def write(self, password: str) -> None:
        """Write all accounts; only the fixed sign-ins can sign in with the password."""
        table = BulkTable(
            User,
            "password",
            "username",
            "staff_number",
            "family_name",
            "given_name",
            "family_name_kana",
            "given_name_kana",
            "email",
            "state",
            "is_demonstration",
            "created_at",
        )
        usable = make_password(password) if password else self._unusable()
        for person, (family, given) in zip(self._people, self._names(), strict=True):
            sign_in = self._fixed.get(person.number)
            number = f"{person.entered_on.year % 100:02d}{person.number + 1:05d}"
            username = sign_in.username if sign_in else f"u{number}"
            self.ids.append(
                table.add(
                    usable if sign_in else self._unusable(),
                    username,
                    number,
                    *_written(sign_in, family, given),
                    f"{username}@{MAIL_DOMAIN}",
                    self._state(person),
                    sign_in is not None,
                    at(max(person.entered_on, person.stints[0].since), OPENS_AT),
                )
            )
        table.flush()

    def _names(self) -> list[tuple[Name, Name]]:
        names = Names(self._random)
        drawn = names.draw(len(self._people))
        ordinary = [
            person.number
            for person in self._people
            if person.left_on is None and person.number not in self._fixed
        ]
        for number, character in zip(ordinary, RARE_CHARACTERS, strict=False):
            drawn[number] = (names.with_character(character), drawn[number][1])
        return drawn

    def _state(self, person: Person) -> str:
        if person.left_on is not None and person.left_on <= self._today:
            return User.State.ENDED
        return User.State.ON_LEAVE if person.number in self.on_leave else User.State.ACTIVE

    def _unusable(self) -> str:
        return f"{UNUSABLE_PASSWORD_PREFIX}{self._random.getrandbits(160):040x}"


def _written(sign_in: SignIn | None, family: Name, given: Name) -> tuple[str, str, str, str]:
    if sign_in is None:
        return family.written, given.written, family.read, given.read
    return (
        sign_in.family_name,
        sign_in.given_name,
        sign_in.family_name_kana,
        sign_in.given_name_kana,
    )
