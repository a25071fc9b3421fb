import pytest
from django.core.exceptions import PermissionDenied

from career_portal.common.errors import RuleViolation
from career_portal.staff.http import require


def test_require_refuses_what_is_not_true():
    require(["something"])

    with pytest.raises(PermissionDenied):
        require([])


def test_rule_violation_carries_its_sentence():
    violation = RuleViolation("締切を過ぎています。")

    assert violation.sentence == str(violation) == "締切を過ぎています。"
