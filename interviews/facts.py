"""What a preparation sheet shows of a talk, in words of its own: by these a prompt says when it fits.

Nothing here says how well somebody does: a fact is what the interviewer reads on the sheet anyway.
"""

from __future__ import annotations

from django.db import models


class Fact(models.TextChoices):
    """One thing that is so. What stands before the colon is its group."""

    KIND_CAREER = "kind:career", "キャリア面談"
    KIND_TERM_START = "kind:term_start", "期首面談"
    KIND_TERM_END = "kind:term_end", "期末面談"
    KIND_ONE_ON_ONE = "kind:one_on_one", "1on1"
    KIND_HR = "kind:hr", "人事との面談"
    KIND_MENTOR = "kind:mentor", "メンターとの面談"
    LISTEN = "response:listen", "聴いてほしい"
    THINK = "response:think", "一緒に考えてほしい"
    ADVISE = "response:advise", "助言がほしい"
    CONNECT = "response:connect", "つないでほしい"
    FIRST = "turn:first", "はじめての面談"
    AGAIN = "turn:again", "二度目からの面談"
    AGREED = "agreed:some", "前回の合意事項がある"
    TOPIC = "topic:told", "話したいことが書かれている"
    GAINED = "gained:told", "得たと感じることが書かれている"
    GROWTH_LOW = "growth:low", "成長を感じにくい"
    GROWTH_HIGH = "growth:high", "成長を感じている"
    WISH_COMPETENCY = "wish:competency", "コンピテンシー（A）を伸ばしたい"
    WISH_FIELD = "wish:field", "専門分野（B1）を経験したい"
    WISH_SKILL = "wish:skill", "行政のスキル（B2）を伸ばしたい"
    CHANGED = "change:some", "昨年から変わったところがある"
    POSTS = "posts:some", "希望するポストがある"
    MOVE_SOON = "move:next_summer", "次の夏の異動を希望"
    MOVE_LATER = "move:within_two_years", "2年以内の異動を希望"
    STAY = "move:stay", "いまの仕事を続けたい"
    FUTURE = "future:told", "5年後のありたい姿が書かれている"
    BARE = "sheet:bare", "本人の記入が載っていない"

    @property
    def group(self) -> str:
        """What the fact is about; of one group a prompt may name several."""
        return group_of(self.value)


GROUPS = {
    "kind": "面談の種類",
    "response": "望む応じ方",
    "turn": "何度目か",
    "agreed": "合意事項",
    "topic": "話したいこと",
    "gained": "得たと感じること",
    "growth": "成長の実感",
    "wish": "伸ばしたいもの",
    "change": "昨年からの変化",
    "posts": "希望するポスト",
    "move": "異動の時期",
    "future": "5年後",
    "sheet": "シートの中身",
}


def group_of(fact: str) -> str:
    """The group of a fact by its value."""
    return fact.partition(":")[0]


def in_words(conditions: list[str]) -> str:
    """When a prompt fits, as HR reads it; 「いつでも」 without conditions."""
    by_group: dict[str, list[str]] = {}
    for fact in Fact:
        if fact.value in conditions:
            by_group.setdefault(fact.group, []).append(fact.label)
    said = [f"{GROUPS[group]}が「{'」か「'.join(labels)}」" for group, labels in by_group.items()]
    return "、かつ".join(said) or "いつでも"
