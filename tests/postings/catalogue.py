"""The published posts of the whole demonstration, and some that say the same in other notations, for the search."""

from __future__ import annotations

import json
import re
import unicodedata
from pathlib import Path

from career_portal.common.clock import today
from career_portal.home.reference_data import load_reference_data
from career_portal.staff.models import Section
from postings import services
from postings.content import PostContent, SkillLine
from postings.models import PostDescription, PostVersion
from postings.models.posts import GRADES
from postings.search import index_services
from tests.factories.staff import UserFactory

POSTS = Path(__file__).parents[2] / "fixtures" / "demo" / "posts"
# Notations that the authored posts do not use, and words in which another one stands by chance.
WRITTEN_OTHERWISE = {
    "S001": [
        (
            "ﾃﾞｰﾀｾﾝﾀｰ担当 係員",
            "ﾃﾞｰﾀｾﾝﾀｰの設備を見回ります。\nサーバの見積りを取ります。\n引合いに答えます。",
        ),
        (
            "國際會議担当 主任",
            "國際會議の受け付けを取り仕切ります。\n鑛業の歴史を調べます。\nとりくみをまとめます。",
        ),
        (
            "全国会議担当 係員",
            "全国会議を運営します。\n法人事業税の資料を集めます。\n生産業務の記録を残します。",
        ),
        (
            "データーセンター担当 係長",
            "サーバーの見積もりを比べます。\nコンピューターの更新を計画します。\n打合せの場をつくります。",
        ),
    ],
    "S002": [
        (
            "人工知能活用担当 係長",
            "人工知能の使い方を庁内に広めます。\n手続きをディジタル化します。\n申込みの窓口になります。",
        ),
        (
            "AID調整担当 係員",
            "国際AIDの資料を訳します。\nＧＸの説明資料をつくります。\n問合わせに答えます。",
        ),
        (
            "カーボン・ニュートラル担当 主任",
            "カーボン・ニュートラルの催しを開きます。\n附属の資料を整えます。\nインターフェースを設計します。",
        ),
        (
            "商談担当 係員",
            "ベンチャーの商談に同席します。\n供給網の地図を描きます。\n中企庁との連絡を受け持ちます。",
        ),
    ],
}


def load_catalogue():
    """The text of every published post by its id, folded by Unicode alone: what judgements are made on."""
    load_reference_data()
    sections = {each.code: each for each in Section.objects.select_related("bureau")}
    posts, versions, contents, texts = [], [], [], {}
    for section, mission, post in authored():
        unit = sections[section]
        posts.append(PostDescription(code=f"{section}-{len(posts)}", section=unit))
        contents.append(
            PostContent(
                title=post["title"],
                grade=post["grade"],
                mission=mission,
                duties="\n".join(post["duties"]),
                place=unit.place,
                gained=tuple(SkillLine(*entry) for entry in post["gained"]),
                required=tuple(SkillLine(*entry) for entry in post["required"]),
            )
        )
    writer, approver = UserFactory(), UserFactory()
    PostDescription.objects.bulk_create(posts)
    for post, content in zip(posts, contents, strict=True):
        texts_of_version = {name: getattr(content, name) for name in TEXTS}
        versions.append(
            PostVersion(
                post=post,
                number=1,
                stage=PostVersion.Stage.APPROVED,
                edited_by=writer,
                submitted_by=writer,
                approved_by=approver,
                publish_on=today(),
                **texts_of_version,
            )
        )
    PostVersion.objects.bulk_create(versions)
    services.store_skills({v.pk: c for v, c in zip(versions, contents, strict=True)})
    services.release(versions)
    index_services.recount_terms()
    names = services.skill_names()
    for post, content in zip(posts, contents, strict=True):
        texts[post.pk] = judged(post.section, content, names)
    return texts


TEXTS = ("title", "grade", "mission", "duties", "place")


def authored():
    """Section, mission and post, for all authored posts and those written otherwise."""
    for path in sorted(POSTS.glob("B*.json")):
        for section, texts in json.loads(path.read_text(encoding="utf-8")).items():
            for post in texts["posts"]:
                yield section, texts["mission"], post
    for section, posts in WRITTEN_OTHERWISE.items():
        for title, duties in posts:
            yield (
                section,
                "表記を確かめます。",
                {
                    "title": title,
                    "grade": "official",
                    "duties": duties.split("\n"),
                    "gained": [],
                    "required": [],
                },
            )


def judged(section, content, names):
    skills = [names[line.code] for line in (*content.gained, *content.required)]
    bureau = section.bureau
    units = (section.name, section.division, section.english_name, bureau.name, bureau.short_name)
    grade = dict(GRADES)[content.grade]
    lines = (content.title, grade, *units, content.mission, content.duties, content.place, *skills)
    return unicodedata.normalize("NFKC", "\n".join(lines)).lower()


def relevant(texts, *rules):
    """The ids of the posts whose text holds all of some regular expressions."""
    return {pk for pk, text in texts.items() if all(re.search(rule, text) for rule in rules)}
