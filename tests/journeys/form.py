"""What the journeys know of the form."""

import re

# The questions that must be answered before the form is handed in: all of them five-step items of the first part.
REFLECTION = (
    "growth_felt",
    "meaning_felt",
    "valued_felt",
    "mission_sympathy",
    "career_talk",
    "future_picture",
)
SAVED = re.compile(r"\d{1,2}:\d\d 下書きを保存しました")
