"""Samples of every component in its states: what the gallery page and the browser tests look at.

All names, posts and answers are invented.
"""

from django import forms
from django.core.paginator import Page, Paginator

from career_portal.design import layout
from career_portal.design.components import (
    Audience,
    Change,
    Choice,
    Crumb,
    Option,
    ReaderChoice,
    SummaryRow,
    Task,
)
from career_portal.design.forms import LongTextField, PortalForm, PortalFormHelper

CRUMBS = [Crumb("ホーム", "/"), Crumb("部品の一覧")]

TASKS = [
    Task(
        "① 現在の業務の振り返り",
        "入力済み",
        "done",
        "#tasks",
        "取り組んだこと、得たこと。約6分",
        "本人・上司・人事",
    ),
    Task(
        "② コンピテンシー（A1〜A5）",
        "入力中",
        "doing",
        "#tasks",
        "5つのうち2つ入力済み。約5分",
        "本人・上司・人事",
    ),
    Task(
        "④ 行政官として役立つスキル（B2）",
        "未着手",
        "todo",
        "#tasks",
        "9つのスキルとその他。約3分",
        "本人・上司・人事",
    ),
    Task(
        "⑤ 5年後・10年後",
        "要修正",
        "problem",
        "#tasks",
        "字数を超えているところがあります。",
        "本人・人事",
    ),
    Task(
        "⑧ 面談への希望",
        "まだ入力できません",
        "waiting",
        "",
        "面談の相手が決まると書けます。",
        "本人・面談の相手",
    ),
]

PARTS = ["full", "half", "full", "empty", "full", "half", "empty", "empty"]

AUDIENCE = Audience(
    people=["本人", "上司（森下）", "人事"],
    note="集計にも使われます（10人以上のまとまりのみ）",
    choices=[
        ReaderChoice("supervisor", "上司（情報経済課 森下 健吾 課長補佐）", checked=True),
    ],
    explanation="外すと、その時から読めなくなります。外したことは相手に表示されません。戻せるのはあなただけで、いつでも変えられます。",
)
SAVE_STATES = [
    ("none", "書くと自動で保存します"),
    ("dirty", "まだ保存していません"),
    ("saving", "保存しています"),
    ("saved", "14:32 下書きを保存しました"),
    ("failed", "保存できていません。書いた内容はこの画面に残っています"),
    ("stale", "別の画面で書き換えられました"),
]

VERSIONS = [
    (
        "この画面の内容（未保存）",
        "データ連携の実証で、自治体と事業者の考えが合わず止まっていた。双方を別々に訪ねて話を聴いた。",
    ),
    (
        "保存されている内容",
        "データ連携の実証で、双方の話を聴いた。\n\n先に合意できる範囲から始める案をまとめた。",
    ),
]

SUMMARY = [
    SummaryRow(
        "取り組んだこと",
        "データ連携基盤の実証事業の運営。\n有識者会議の事務局。",
        "#summary",
        typed=True,
    ),
    SummaryRow("成長の実感", "どちらかといえばそう思う", "#summary"),
    SummaryRow("じぶん決算書", "", "#summary", empty_text="未入力（任意）"),
]

CHANGES = [
    Change("② A3 協働力", "2　自分でできる", "3　場面に応じてできる"),
    Change(
        "⑤ 5年後のありたい姿",
        "データ政策の専門性を深めていたい",
        "国際交渉の場で、国内の声を背負って話していたい",
    ),
    Change(
        "⑥ 第1希望のポスト",
        "情報経済課 データ政策担当 係長",
        "経済連携課 デジタル貿易交渉担当 係長",
    ),
]

LEVELS = Choice(
    "a3_level",
    "協働力：いまの自分に近いもの",
    [
        Option(
            "1", "学びはじめている", "報告・連絡・相談をしながら、チームの一員として動いている。"
        ),
        Option(
            "2",
            "自分でできる",
            "相手の事情をくみ、自分から声をかけて協力している。",
            last_year=True,
        ),
        Option(
            "3",
            "場面に応じてできる",
            "利害の異なる関係者の話を聴き、合意点を見つけている。",
            checked=True,
        ),
        Option("4", "周囲を支える", "省内外の人をつなぎ、互いの強みが生きる体制を組んでいる。"),
        Option("5", "組織に広げる", "組織を越えた協働の仕組みをつくり、続くように整えている。"),
    ],
)

WISH = Choice(
    "a3_wish",
    "協働力：これから伸ばしたいですか",
    [
        Option("much", "とくに伸ばしたい", checked=True),
        Option("yes", "伸ばしたい"),
        Option("no", "今のままでよい"),
    ],
)

AGREEMENT = [
    "そう思う",
    "どちらかといえばそう思う",
    "どちらともいえない",
    "どちらかといえばそう思わない",
    "そう思わない",
]


def scale(name: str, label: str, chosen: int | None, error: str = "") -> Choice:
    """A five-step question; ``chosen`` counts from 0."""
    steps = [
        Option(str(5 - index), word, checked=index == chosen, last_year=index == 2)
        for index, word in enumerate(AGREEMENT)
    ]
    return Choice(name, label, steps, requirement="required", error=error)


SCALES = [
    scale("growth_felt", "この1年、仕事を通じて成長していると感じる", 1),
    scale("valued_felt", "職場で、一人の人として大切にされていると感じる", None),
    scale(
        "career_talk",
        "自分のキャリアについて、上司と話ができている",
        None,
        "近いものを選択してください",
    ),
]

LISTENER = Choice(
    "listener",
    "だれと話したいですか",
    [
        Option("head", "上司", "いまの課室の上司と話します。", checked=True),
        Option("mentor", "メンター", "所属の外にいる聴き手と話します。", last_year=True),
        Option("open", "まだ決めていない"),
    ],
    requirement="optional",
    support="ここに書いたことは、選んだ相手だけが読みます。",
)

EXPERIENCES = Choice(
    "experiences",
    "これから経験してみたいことを選んでください（いくつでも）",
    [
        Option("a", "他府省への出向"),
        Option("b", "民間企業との官民交流", checked=True),
        Option("c", "海外留学"),
    ],
    requirement="optional",
    multiple=True,
)


def skill(
    code: str, name: str, hint: str, experience: int | None, wish: int | None
) -> dict[str, object]:
    """One row of a list of skills, as the tag takes it."""
    experiences = ["経験はない", "関わったことがある", "担当したことがある", "中心となって担った"]
    wishes = ["ぜひ経験したい", "関心がある", "今は考えていない"]
    return {
        "code": code,
        "name": name,
        "hint": hint,
        "experience": Choice(
            f"{code}_experience",
            "これまでの経験",
            [
                Option(str(i), word, checked=i == experience, last_year=i == 1)
                for i, word in enumerate(experiences)
            ],
        ),
        "wish": Choice(
            f"{code}_wish",
            "これからの希望",
            [Option(str(i), word, checked=i == wish) for i, word in enumerate(wishes)],
        ),
    }


SKILLS = [
    skill("b1_02", "通商・貿易", "通商交渉、国や地域との経済関係、貿易の振興など", 1, 0),
    skill(
        "b1_04",
        "イノベーション・スタートアップ・技術政策",
        "研究開発、産学連携、新しい事業など",
        3,
        2,
    ),
    skill(
        "b1_12", "調査分析・統計・EBPM", "公的統計、データの分析、政策の効果の検証など", None, None
    ),
]


class SampleForm(PortalForm):
    """Every kind of field that the pack draws."""

    name = forms.CharField(
        label="氏名", help_text="人事に登録された表記で書いてください。", max_length=40
    )
    episode = LongTextField(
        label="表れた場面", help_text="いつ、どの仕事で、何をしたか。", limit=300, required=False
    )
    bureau = forms.ChoiceField(
        label="局", choices=[("", "選択してください"), ("1", "通商政策局"), ("2", "商務情報政策局")]
    )
    place = forms.ChoiceField(
        label="勤務地", widget=forms.RadioSelect, choices=[("tokyo", "本省"), ("region", "地方")]
    )
    kinds = forms.MultipleChoiceField(
        label="経験の種類",
        widget=forms.CheckboxSelectMultiple,
        choices=[("abroad", "留学"), ("firm", "官民交流")],
        required=False,
    )
    declared = forms.BooleanField(label="書いた内容を確認しました")

    @property
    def helper(self) -> PortalFormHelper:
        """Shows the layout objects around the fields."""
        return PortalFormHelper(
            layout.Notice("提出するまで、だれにも届きません。"),
            layout.Fieldset("だれのことか", "name", "bureau", support="いまの所属で構いません。"),
            layout.Section("ことば", "episode", "place"),
            layout.Disclosure("くわしい希望を書く", "kinds"),
            "declared",
            layout.Actions(
                layout.Button("保存して次へ", kind="primary"),
                layout.Button("下書き保存", name="draft", value="1"),
                layout.Link("一覧へ戻る", "/"),
            ),
            form_id="sample",
        )


def sample_page() -> Page[int]:
    """The second page of five, for the pager."""
    return Paginator(range(50), 10).page(2)
