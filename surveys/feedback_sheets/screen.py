"""A sheet as plain rows for the screen: the stand-in for the renderer's, to be deleted with it."""

from __future__ import annotations

from dataclasses import dataclass

from surveys.feedback_sheets.figures import HIDDEN, MEASURES, Kind, Measure, Released, Sheet, Spread

HEADINGS = {
    Kind.REFLECTION: "振り返り",
    Kind.COMPETENCY: "コンピテンシー",
    Kind.WISH: "伸ばしたい力",
}
MEASURE_NAMES = {
    Measure.FAVOURABLE: "肯定的",
    Measure.NEUTRAL: "中立",
    Measure.UNFAVOURABLE: "否定的",
    Measure.MEAN: "平均",
    Measure.WISH_SHARE: "伸ばしたい人",
}


@dataclass(frozen=True)
class Row:
    """One released value beside those of the bureau, the ministry and the middle of all sections."""

    question: str
    measure: str
    own: Released
    bureau: Released
    ministry: Released
    median: str


def groups(sheet: Sheet) -> list[tuple[str, list[Row]]]:
    """The rows of a sheet below their headings."""
    found: dict[str, list[Row]] = {}
    for question in sheet.questions:
        for measure in MEASURES[question.kind]:
            key = (question.code, measure)
            row = Row(
                question=question.text,
                measure=MEASURE_NAMES[measure],
                own=sheet.figures.get(key, Released()),
                bureau=sheet.bureau.get(key, Released()),
                ministry=sheet.ministry.get(key, Released()),
                median=sheet.spread.get(key, Spread()).median or HIDDEN,
            )
            found.setdefault(HEADINGS[question.kind], []).append(row)
    return list(found.items())


def screen_context(sheet: Sheet) -> dict[str, object]:
    """As the renderer's."""
    return {
        "sheet": {
            "response": sheet.response.value,
            "count_band": sheet.count_band,
            "groups": groups(sheet),
        }
    }
