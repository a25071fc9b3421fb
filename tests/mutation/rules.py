"""The rules about who may read or do something, and the ways in which a mutant breaks one.

A reading rule is a method `visible_to` or `own` of a queryset; a permission is a function `can_…` of a module. A mutant is
named by its rule and verdict: `surveys.models.submission:SubmissionQuerySet.visible_to=always`.
"""

import importlib
import inspect
from pathlib import Path

from django.db.models import QuerySet

ROOT = Path(__file__).parents[2]
PACKAGES = ("career_portal", "postings", "surveys", "interviews")
# Migrations hold no rules, settings cannot all be loaded, the launcher starts the portal from outside.
WITHOUT_RULES = {"migrations", "settings", "local"}
READING_RULES = ("visible_to", "own")
PERMISSION = "can_"


def all_rows(self, user, *_, **__):
    return self.all()


def no_rows(self, user, *_, **__):
    return self.none()


def all_rows_for_staff(self, user, *_, **__):
    return self.all() if user.is_active else self.none()


def allowed(*_, **__):
    return True


def refused(*_, **__):
    return False


READING_VERDICTS = {"always": all_rows, "never": no_rows, "staff": all_rows_for_staff}
PERMISSION_VERDICTS = {"always": allowed, "never": refused}


def mutants():
    """The names of all mutants, rule by rule; needs Django to be set up."""
    for path in rule_files():
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for rule, verdicts in rules_of(importlib.import_module(name)):
            # A rule that already is such a verdict is none of its mutants.
            yield from (
                f"{rule}={verdict}"
                for verdict, broken in verdicts.items()
                if behaviour(broken) != behaviour(function_of(rule))
            )


def rule_files():
    """Every module of the portal that may define rules."""
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            if not WITHOUT_RULES.intersection(path.relative_to(ROOT).parts):
                yield path


def rules_of(module):
    """The rules that a module itself defines, with their verdicts."""
    for name, value in vars(module).items():
        if getattr(value, "__module__", None) != module.__name__:
            continue
        if inspect.isclass(value) and issubclass(value, QuerySet):
            for method in READING_RULES:
                if method in vars(value):
                    yield f"{module.__name__}:{name}.{method}", READING_VERDICTS
        elif callable(value) and name.startswith(PERMISSION):
            yield f"{module.__name__}:{name}", PERMISSION_VERDICTS


def function_of(rule):
    """The function behind a rule, below its decorators."""
    module, _, name = rule.partition(":")
    holder = importlib.import_module(module)
    for part in name.split("."):
        holder = vars(holder)[part]
    return inspect.unwrap(holder)


def behaviour(function):
    """What a function does, whatever it is called and says about itself."""
    return function.__code__.co_code, function.__code__.co_names


def apply(mutant):
    """Break the rule that a mutant names, for the rest of the process.

    `from … import can_read` binds the function elsewhere, a manager copies methods of its queryset: so the function stays the
    same object, and its code is replaced.
    """
    rule, _, verdict = mutant.partition("=")
    is_method = "." in rule.partition(":")[2]
    verdicts = READING_VERDICTS if is_method else PERMISSION_VERDICTS
    function_of(rule).__code__ = verdicts[verdict].__code__
