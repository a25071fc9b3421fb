from postings.search.query import ask
from postings.search.results import Narrowing, find
from tests.factories import *  # noqa
from tests.factories.postings import PostDescriptionFactory
import pytest


@pytest.mark.django_db
def test_x():
    a = PostDescriptionFactory(title="貿易管理担当 係長")
    b = PostDescriptionFactory(title="蓄電池担当 係長", duties="受付けをします\n审査の取り組み\n國際会議")
    for q in ["貿易", "取組み", "受け付け", "蓄電", "国際 受付", "「蓄電池担当」", "池", "蓄電池 係長", ""]:
        query = ask(q)
        print(q, query.conditions(wide=False), find(query, Narrowing()))
    assert 0
