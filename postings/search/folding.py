"""One notation for what is written in several: width, case, old characters. Post and query go through the same."""

from __future__ import annotations

import unicodedata
from itertools import pairwise

import regex

# Old character and new one, in turn: those of the list of 1949 and the usual variants in names of people and places.
_OLD_AND_NEW = (
    "亞亜惡悪壓圧圍囲醫医爲為壹壱隱隠榮栄營営衞衛驛駅圓円鹽塩緣縁艷艶應応歐欧毆殴奧奥橫横溫温穩穏假仮價価畫画會会"
    "壞壊懷懐繪絵擴拡殼殻覺覚學学嶽岳樂楽勸勧卷巻寬寛關関歡歓觀観氣気歸帰僞偽戲戯犧犠舊旧據拠擧挙峽峡挾挟狹狭曉暁"
    "區区驅駆勳勲徑径惠恵溪渓經経繼継莖茎螢蛍輕軽鷄鶏藝芸缺欠儉倹劍剣圈圏檢検權権獻献縣県險険顯顕驗験嚴厳效効廣広"
    "恆恒鑛鉱號号國国黑黒濟済碎砕齋斎劑剤櫻桜册冊雜雑參参慘惨棧桟蠶蚕贊賛殘残絲糸齒歯兒児辭辞濕湿實実舍舎寫写釋釈"
    "壽寿收収從従澁渋獸獣縱縦肅粛處処敍叙奬奨將将燒焼稱称證証乘乗剩剰壤壌孃嬢條条淨浄狀状疊畳穰穣讓譲釀醸觸触寢寝"
    "愼慎晉晋眞真盡尽圖図粹粋醉酔隨随髓髄數数樞枢聲声靜静齊斉攝摂竊窃專専戰戦淺浅潛潜纖繊踐践錢銭禪禅雙双壯壮搜捜"
    "插挿爭争總総聰聡莊荘裝装騷騒增増臟臓藏蔵續続墮堕體体對対帶帯滯滞臺台瀧滝擇択澤沢單単擔担膽胆團団彈弾斷断癡痴"
    "遲遅晝昼蟲虫鑄鋳廳庁聽聴鎭鎮遞逓鐵鉄轉転點点傳伝黨党盜盗燈灯當当鬭闘德徳獨独讀読屆届繩縄貳弐惱悩腦脳廢廃拜拝"
    "賣売麥麦發発髮髪拔抜蠻蛮祕秘濱浜甁瓶拂払佛仏邊辺邉辺變変辯弁瓣弁辨弁寶宝豐豊沒没飜翻每毎萬万滿満默黙彌弥藥薬"
    "譯訳豫予餘余與与譽誉搖揺樣様謠謡來来賴頼亂乱覽覧龍竜兩両獵猟綠緑壘塁勵励禮礼靈霊齡齢曆暦歷歴戀恋鍊錬爐炉勞労"
    "樓楼郞郎祿禄灣湾聯連髙高﨑崎嶋島"
)
_HYPHENS = "‐‑‒–—―−"
_WAVES = "〜∼"
_VARIATION_SELECTORS = [*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)]
_TABLE = str.maketrans(
    {
        **dict(list(pairwise(_OLD_AND_NEW))[::2]),
        **dict.fromkeys(_HYPHENS, "-"),
        **dict.fromkeys(_WAVES, "~"),
        **{chr(code): None for code in _VARIATION_SELECTORS},
    }
)
# Characters that become one with the one before.
_JOINS_THE_ONE_BEFORE = regex.compile(r"\p{M}|[\uFF9E\uFF9F\u1160-\u11FF]")
_CLUSTER = regex.compile(r"\X")
_KATAKANA_TO_HIRAGANA = {code: code - 0x60 for code in range(ord("ァ"), ord("ヶ") + 1)}
_KANA = regex.compile(r"[ぁ-ゖァ-ヶー]{2,}")


def fold(text: str) -> str:
    """The text in one width, in small letters, with the new form of old characters."""
    return unicodedata.normalize("NFKC", text).lower().translate(_TABLE)


def fold_with_places(text: str) -> tuple[str, list[int] | range]:
    """The folded text, and for each of its characters, and its end, where it stands in the text as written."""
    folded = fold(text)
    if len(folded) == len(text) and not _JOINS_THE_ONE_BEFORE.search(text):
        return folded, range(len(text) + 1)
    pieces: list[str] = []
    places: list[int] = []
    for cluster in _CLUSTER.finditer(text):
        piece = fold(cluster.group())
        pieces.append(piece)
        places += [cluster.start()] * len(piece)
    return "".join(pieces), [*places, len(text)]


def is_kana(folded: str) -> bool:
    """Whether somebody typed a reading: two or more kana and nothing else."""
    return _KANA.fullmatch(folded) is not None


def as_reading(kana: str) -> str:
    """Kana as readings are stored: hiragana."""
    return kana.translate(_KATAKANA_TO_HIRAGANA)
