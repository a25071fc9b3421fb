"""What staff find: twelve queries of the field's usual kinds and thirty more, each judged by rules on the plain text.

One of the twelve, 蓄電地, is a wrong conversion: nothing holds it, and what was meant is told.

A rule is a regular expression on text folded by Unicode alone: it knows nothing of words, dictionaries or synonyms.
"""

from statistics import mean

import pytest
from django.db import transaction

from postings.search.query import ask
from postings.search.results import all_found
from postings.search.suggestions import meant
from tests.postings.catalogue import load_catalogue, relevant

AT_LEAST = 0.95
ENERGY = r"資源エネルギー庁|エネ庁"
CLIMATE = r"脱炭素|カーボン・?ニュートラル|(?<![a-z])gx|グリーントランスフォーメーション"
CHAIN = r"供給網|サプライチェーン"
PATENT = r"特許|patent"
GRANT = r"補助金|補助事業|助成金"
TWELVE = {
    "原子力": [r"原子力"],
    "受付け": [r"受け?付け?"],
    "打ち合せ": [r"打ち?合わ?せ"],
    "ＡＩ": [r"(?<![a-z])ai(?![a-z])|人工知能"],
    "ﾃﾞｰﾀｾﾝﾀｰ": [r"データー?センター?"],
    "供給網": [CHAIN],
    '"最終処分"': [r"最終処分"],
    "補助金　審査": [GRANT, r"審査"],
    "油": [r"油"],
    "semiconductor": [r"半導体|semiconductor"],
    "特許 審査官補": [PATENT, r"審査官補"],
}
THIRTY = {
    "取組み": [r"取り?組み?|とりくみ"],
    "見積もり": [r"見積"],
    "サーバー": [r"サーバ"],
    "コンピュータ": [r"コンピュータ"],
    "デジタル化": [r"(デジタル|ディジタル)化"],
    "国際会議": [r"国際会議|國際會議"],
    "國際會議": [r"国際会議|國際會議"],
    "鑛業": [r"鉱業|鑛業"],
    "とりくみ": [r"取り?組み?|とりくみ"],
    "つうしょう": [r"通商|通称"],
    "しんさ": [r"審査"],
    "エネ庁": [ENERGY],
    "中企庁": [r"中小企業庁|中企庁"],
    "経安": [r"経済安全保障|経済安保"],
    "脱炭素": [CLIMATE],
    "カーボンニュートラル": [CLIMATE],
    "ベンチャー": [r"スタートアップ|ベンチャー|新興企業"],
    "知財": [r"知財|知的財産|工業所有権"],
    "再エネ": [r"再エネ|再生可能エネルギー"],
    "ＥＢＰＭ": [r"ebpm|証拠に基づく政策立案"],
    "国会": [r"(?<![全約])国会"],
    "人事": [r"(?<![法個])人事"],
    "半導体 サプライチェーン": [r"半導体|semiconductor", CHAIN],
    "「国際標準」": [r"国際標準"],
    "係長 語学": [r"係長", r"語学"],
    "貿易管理": [r"貿易管理"],
    "trade": [r"(?<![a-z])trade(?![a-z])"],
    "外為法": [r"外為法|外国為替及び外国貿易法"],
    "手続き": [r"手続"],
    "問合せ": [r"問い?合わ?せ|照会"],
}


pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def texts(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        yield load_catalogue()
        transaction.set_rollback(True)


def quality(texts, queries):
    """Recall and precision of each query, with what it missed and what it should not have found."""
    for typed, rules in queries.items():
        wanted, found = relevant(texts, *rules), all_found(ask(typed))
        assert wanted, typed
        right = len(wanted & found)
        yield typed, right / len(wanted), right / max(len(found), 1), wanted - found, found - wanted


@pytest.mark.parametrize("queries", [TWELVE, THIRTY], ids=["twelve", "thirty"])
def test_recall_and_precision_reach_95_per_cent(texts, queries):
    judged = list(quality(texts, queries))

    poor = [each for each in judged if min(each[1:3]) < AT_LEAST]
    assert mean(recall for _, recall, *_ in judged) >= AT_LEAST, poor
    assert mean(precision for _, _, precision, *_ in judged) >= AT_LEAST, poor


def test_wrong_conversion_is_told_as_what_was_meant(texts):
    found = [each.word for each in meant("蓄電地")]

    assert not all_found(ask("蓄電地"))
    assert found[0] == "蓄電池"
