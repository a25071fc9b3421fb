"""Thirty questions: twenty-four on a five-point scale and six texts."""

OPTIONS = [
    {"value": "5", "label": "とてもそう思う"},
    {"value": "4", "label": "そう思う"},
    {"value": "3", "label": "どちらともいえない"},
    {"value": "2", "label": "そう思わない"},
    {"value": "1", "label": "まったくそう思わない"},
]
SCALES = [
    {
        "code": f"scale_{number:02}",
        "label": f"設問{number}　いまの仕事を通じて、自分が成長していると感じる",
        "options": OPTIONS,
    }
    for number in range(1, 25)
]
TEXTS = [
    {
        "code": f"text_{number:02}",
        "label": f"設問{number}　今年度に取り組んだことを書いてください",
        "options": [],
    }
    for number in range(25, 31)
]
QUESTIONS = [*SCALES, *TEXTS]
CODES = [question["code"] for question in QUESTIONS]
SENTENCE = "制度の見直しに向けて、関係する部署と意見を交わしながら資料を整えた。"


def answered():
    """Every question answered, as a person half a year into the job would."""
    values = {question["code"]: str(number % 5 + 1) for number, question in enumerate(SCALES)}
    return {**values, **{question["code"]: SENTENCE * 3 for question in TEXTS}}
