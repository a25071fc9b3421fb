"""Error pages come out even when nothing else works: without a request, a person or a menu."""

import pytest
from django.template.loader import render_to_string

from tests.design.pages import read_page


@pytest.mark.parametrize(
    ("template", "heading"),
    [
        ("400.html", "送られた内容を読み取れませんでした"),
        ("403.html", "このページを開く権限がありません"),
        ("403_csrf.html", "送信を確認できませんでした"),
        ("404.html", "ページが見つかりません"),
        ("500.html", "ページを表示できませんでした"),
    ],
)
def test_error_page_needs_no_context(template, heading):
    page = read_page(render_to_string(template))

    assert page.one("h1").text == heading
    assert page.one("title").text == f"{heading}｜キャリアポータル"
    assert page.all("nav") == []
