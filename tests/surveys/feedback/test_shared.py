"""What the sheets of a release share is fetched once, and never mixed with that of another release."""

import pytest

from surveys.feedback_sheets import steering_services
from surveys.feedback_sheets.assembling import assemble
from surveys.feedback_sheets.figures import Measure
from surveys.models import FeedbackSheet
from tests.factories import feedback

pytestmark = pytest.mark.django_db

FAVOURABLE = ("growth_felt", Measure.FAVOURABLE)


@pytest.fixture
def admin():
    return feedback.feedback_admin()


def sheets(release):
    """Sheets of sections as a worker takes them."""
    found = FeedbackSheet.objects.select_related("release__freeze__round", "unit__parent__parent")
    return list(found.filter(release=release, unit__level="section"))


def two_years(admin):
    made = feedback.freeze(feedback.WIDE)
    year = made.round.fiscal_year
    earlier = feedback.freeze(feedback.WIDE, feedback.closed_round(year - 1), like=made)
    feedback.opened(feedback.release(earlier, admin))
    return feedback.release(made, admin)


def test_further_sheet_asks_for_its_own_alone(admin, django_assert_max_num_queries):
    first, second, *_ = sheets(two_years(admin))
    assemble(first)

    with django_assert_max_num_queries(15):
        found = assemble(second)

    assert found.last_year
    assert found.ministry_before


def test_sheet_of_each_unit_and_release_has_figures_of_its_own(admin):
    made = feedback.freeze({"大臣官房": {"秘書課": 20, "総務課": 30}})
    first = feedback.release(made, admin)
    before = {sheet.unit.name: assemble(sheet) for sheet in sheets(first)}
    steering_services.cancel_release(first, by=admin)
    corrected = feedback.freeze(
        {"大臣官房": {"秘書課": 20, "総務課": 60}}, made.round, like=made, number=2
    )

    after = {
        sheet.unit.name: assemble(sheet) for sheet in sheets(feedback.release(corrected, admin))
    }

    assert before["秘書課"].figures[FAVOURABLE] == after["秘書課"].figures[FAVOURABLE]
    assert before["総務課"].figures[FAVOURABLE].count_band == "30-34"
    assert after["総務課"].figures[FAVOURABLE].count_band == "50-99"
    assert before["総務課"].ministry[FAVOURABLE].count_band == "50-99"
