"""What a sheet says on each level besides figures."""

from __future__ import annotations

from dataclasses import dataclass, replace

from surveys.feedback_sheets.figures import Level, Unit

MARK = "機密性2情報（取扱注意）"


@dataclass(frozen=True)
class Step:
    """A step of how to use the sheet."""

    name: str
    time: str
    text: str


@dataclass(frozen=True)
class Wording:
    """The sentences of one level. `unit` is how the sheet calls its own unit."""

    kind: str
    unit: str
    scope: str
    rule: str
    powers_lead: str
    map_lead: str
    usage: str
    steps: tuple[Step, ...]
    talk: str
    talk_lead: str
    columns: tuple[str, ...]


_CHANGED = "変わったことは、ばらつきを超えて動いた項目。"
_STEPS = (
    Step(
        "読む",
        "10分",
        "1ページをめいめいで読み、2・3ページの図を一緒に眺めます。気になった数字に印をつけます。",
    ),
    Step(
        "話す",
        "25分",
        "4ページの問いを手がかりに話します。だれの答えかは探さず、仕事の進め方の話にします。",
    ),
    Step(
        "決める",
        "10分",
        "今年度に取り組むことを三つまで書きます。小さく始め、だれがいつまでにするかも決めます。",
    ),
)
_MINISTRY_STEPS = (
    Step(
        "幹部で読む",
        "",
        "省全体の強みと課題を確かめます。個々の局や課室を比べる資料ではありません。",
    ),
    Step("各局で話す", "", "課室別のシートの話し合いから出た声を、局としての取組につなげます。"),
    Step(
        "全員に返す",
        "",
        "決めたことと、その後の状況を、来年のシートの1ページに載せて全員に伝えます。",
    ),
)
_TALK_LEAD = (
    "だれの答えかを探す場ではありません。思い当たる場面と、変えられそうなことを出し合ってください。"
)
_MAP = "希望調書の「伸ばしたい」と、{}の公開中のポストが挙げる「習得が見込まれるスキル」を重ねました。太い枠は、希望が多いのに得にくいところです。"
_POWERS = "各段階の行動の例を見ながら、本人が1から5で選んだものの平均です。人の評価ではなく、{}どの力が育っているかを話す手がかりにします。"

WORDING = {
    Level.SECTION: Wording(
        kind="課室別フィードバックシート",
        unit="この課室",
        scope="この課室",
        rule="強みは、省全体より10ポイント以上高く、全課室の上位4分の1に入る項目。"
        "話し合いたいことは、その逆の項目と、希望が多いのにポストで得にくい分野。" + _CHANGED,
        powers_lead=_POWERS.format("この課室で"),
        map_lead=_MAP.format("この課室"),
        usage="このシートで45分",
        steps=_STEPS,
        talk="話し合いの問い",
        talk_lead=_TALK_LEAD,
        columns=("この課室", "局", "省全体"),
    ),
    Level.BUREAU: Wording(
        kind="局別フィードバックシート",
        unit="この局",
        scope="この局のすべての課室",
        rule="強みは、省全体より5ポイント以上高い項目。"
        "話し合いたいことは、5ポイント以上低い項目と、希望が多いのにポストで得にくい分野。"
        + _CHANGED,
        powers_lead=_POWERS.format("この局で"),
        map_lead=_MAP.format("この局"),
        usage="このシートで45分",
        steps=_STEPS,
        talk="話し合いの問い",
        talk_lead=_TALK_LEAD,
        columns=("この局", "前年度", "省全体"),
    ),
    Level.MINISTRY: Wording(
        kind="フィードバックシート",
        unit="省全体",
        scope="本省の局、外局、地方経済産業局",
        rule="強みは、肯定的な割合が高い項目。"
        "話し合いたいことは、低い項目と、希望が多いのにポストで得にくい分野。" + _CHANGED,
        powers_lead=_POWERS.format("省のどこで"),
        map_lead=_MAP.format("全課室"),
        usage="このシートの使い方",
        steps=_MINISTRY_STEPS,
        talk="省として話し合いたい問い",
        talk_lead="局や課室を比べるためではなく、省としてできることを出し合うための問いです。",
        columns=("今年度", "前年度", "中央値"),
    ),
}

_JOINT = replace(
    WORDING[Level.SECTION],
    unit="これらの課室",
    powers_lead=_POWERS.format("これらの課室で"),
    map_lead=_MAP.format("これらの課室"),
    columns=("これらの課室", "局", "省全体"),
)


def wording_of(unit: Unit) -> Wording:
    """The sentences of a unit's sheet; a joint unit is several sections."""
    return _JOINT if unit.members else WORDING[unit.level]


ACTION_STATUS = {
    "planned": ("○", "これから"),
    "under_way": ("◐", "取り組み中"),
    "done": ("●", "実施した"),
    "dropped": ("×", "取りやめた"),
}
