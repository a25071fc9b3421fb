"""The pages on which HR orders files of forms, decides about orders and fetches them."""

import pytest
from django.urls import reverse

from career_portal.staff.roles import Role
from surveys.models import FormExport
from tests.factories.staff import RoleGrantFactory
from tests.surveys.browsing import Page, post
from tests.surveys.exporting import made, many, order

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    return RoleGrantFactory(role=Role.HR, user__family_name="長尾").user


@pytest.fixture
def second():
    return RoleGrantFactory(role=Role.HR, user__family_name="𠮷岡").user


@pytest.fixture
def hr(client, officer):
    client.force_login(officer)
    return client


def test_order_is_made_from_a_page_and_followed(hr, survey_round):
    many(survey_round, 2)
    address = reverse("surveys:export_new", query={"year": survey_round.fiscal_year})
    page = Page(hr.get(address))
    assert "2人" in page.texts["main"]

    answer = post(hr, address, page.sent(purpose="<b>検討</b>", file_format="csv"))

    export = FormExport.objects.get()
    assert answer["Location"] == reverse("surveys:export_detail", args=[export.pk])
    assert "つくっています" in Page(hr.get(answer["Location"])).texts["main"]
    made(export)
    shown = Page(hr.get(answer["Location"]))
    assert "<b>検討</b>" in shown.classes["cp-typed"]
    assert reverse("surveys:export_download", args=[export.pk]) in shown.links
    fetched = hr.get(reverse("surveys:export_download", args=[export.pk]))
    assert "filename*=utf-8''%E5%B8%8C" in fetched["Content-Disposition"]
    assert fetched.getvalue().startswith(b"\xef\xbb\xbf")


def test_purpose_is_needed_and_what_was_typed_stays(hr, survey_round):
    many(survey_round, 1)
    for purpose in ("", "  \n", "長" * 301, "\x00", "a\ud800"[:1] + "\x1b"):
        answer = post(hr, reverse("surveys:export_new"), {"purpose": purpose, "file_format": "csv"})

        assert answer.status_code == 422, purpose
        assert Page(answer).value("purpose") == purpose
    bad = post(hr, reverse("surveys:export_new"), {"purpose": "検討", "file_format": "exe"})
    assert (bad.status_code, Page(bad).value("purpose")) == (422, "検討")
    assert not FormExport.objects.exists()


@pytest.mark.parametrize("year", ["1999", "99999", "x", "２０２６", "\x00"])
def test_year_without_a_round_is_not_found(hr, survey_round, year):
    assert hr.get(reverse("surveys:export_new"), {"year": year}).status_code == 404


def test_second_officer_decides_on_the_page(client, survey_round, officer, second):
    many(survey_round, 51)
    export = order(survey_round, officer)
    client.force_login(second)
    detail = reverse("surveys:export_detail", args=[export.pk])
    assert detail in Page(client.get(reverse("surveys:export_list"))).links
    decide = reverse("surveys:export_decide", args=[export.pk])
    empty = post(client, decide, {"decision": "refuse", "reason": ""})
    assert (empty.status_code, FormExport.objects.get().state) == (422, "waiting")

    post(client, decide, {"decision": "refuse", "reason": "<i>広すぎる</i>"})

    client.force_login(officer)
    assert "<i>広すぎる</i>" in Page(client.get(detail)).classes["cp-typed"]
    assert client.post(decide, {"decision": "approve"}).status_code == 403


@pytest.mark.parametrize("orders", [1, 3])
def test_list_takes_the_same_statements_for_any_number_of_orders(
    hr, survey_round, officer, second, orders, django_assert_max_num_queries
):
    many(survey_round, 1)
    for _ in range(orders):
        order(survey_round, officer)

    with django_assert_max_num_queries(8):
        assert hr.get(reverse("surveys:export_list")).status_code == 200
