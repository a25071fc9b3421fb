"""Template tags of the catalogue: ``{% load posts %}``."""

from collections.abc import Sequence
from typing import Protocol

from django import template
from django.template.context import RequestContext
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from career_portal.design.templatetags.portal import counted, icon
from postings.choosing import PostChoices
from postings.search.page import Option

register = template.Library()


class Named(Protocol):
    """A post, or what stands for one in a list: its id and title."""

    @property
    def pk(self) -> int: ...
    @property
    def title(self) -> str: ...


@register.simple_tag(takes_context=True)
def choosing(context: RequestContext, post: Named, only_compare: object = "") -> SafeString:
    """The tick 比較に入れる and the button リストに保存 of one post; built directly, as a page may list a hundred.

    Both come back to the page's `here`, else to its address, at this post.
    """
    choices: PostChoices = context["post_choices"]
    here = context.get("here") or context["request"].get_full_path()
    keeping = "" if only_compare else _keeping(post, post.pk in choices.kept)
    return format_html(
        '<form class="cp-choose" id="choose-{}" method="post" action="{}">'
        '<input type="hidden" name="csrfmiddlewaretoken" value="{}">'
        '<input type="hidden" name="next" value="{}#choose-{}">{}{}</form>',
        post.pk,
        reverse("postings:compare_change", args=[post.pk]),
        context["csrf_token"],
        here,
        post.pk,
        _ticking(post, post.pk in choices.compared),
        keeping,
    )


def _ticking(post: Named, is_compared: bool) -> SafeString:
    name = "" if is_compared else format_html(' name="compare" value="{}"', 1)
    return format_html(
        '<button class="cp-tick" type="submit" aria-pressed="{}"{}><span class="cp-tick__box">{}</span>'
        '比較に入れる<span class="cp-visually-hidden">：{}</span></button>',
        "true" if is_compared else "false",
        name,
        icon("check") if is_compared else "",
        post.title,
    )


def _keeping(post: Named, is_kept: bool) -> SafeString:
    name = "" if is_kept else format_html(' name="keep" value="{}"', 1)
    return format_html(
        '<button class="cp-button" data-kind="text" data-size="sm" type="submit" formaction="{}"{}>{}'
        '<span class="cp-visually-hidden">：{}</span></button>',
        reverse("postings:kept_change", args=[post.pk]),
        name,
        "保存済み（外す）" if is_kept else "リストに保存",
        post.title,
    )


@register.simple_tag
def facet_options(options: Sequence[Option]) -> SafeString:
    """Boxes to tick, each with the number of posts it leaves; built directly, as a page has about eighty."""
    return format_html_join(
        "",
        '<label class="cp-facet__option"><input class="cp-checkbox" type="checkbox" form="search" id="{0}-{1}" '
        'name="{0}" value="{1}"{2}><span class="cp-facet__name">{3}</span><span class="cp-facet__number">{4}'
        '<span class="cp-visually-hidden">件</span></span></label>',
        (
            (
                option.kind,
                option.value,
                format_html(" {}", "checked") if option.is_chosen else "",
                option.label,
                counted(option.number),
            )
            for option in options
        ),
    )
