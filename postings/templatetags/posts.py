"""Template tags of the catalogue: ``{% load posts %}``."""

from collections.abc import Sequence
from typing import Protocol

from django import template
from django.template.context import RequestContext
from django.urls import reverse
from django.utils.html import escape, format_html, format_html_join
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

    All buttons of a page belong to one form, which the first of them brings along. They come back to the page's
    `here`, else to its address, at this post.
    """
    choices: PostChoices = context["post_choices"]
    return format_html(
        '{}<div class="cp-choose" id="choose-{}">{}{}</div>',
        _form_once(context),
        post.pk,
        _ticking(post, post.pk in choices.compared),
        "" if only_compare else _keeping(post, post.pk in choices.kept),
    )


def _form_once(context: RequestContext) -> SafeString:
    request = context["request"]
    if getattr(request, "has_choosing_form", False):
        return escape("")
    request.has_choosing_form = True
    return format_html(
        '<form id="choosing" method="post" hidden><input type="hidden" name="csrfmiddlewaretoken" value="{}">'
        '<input type="hidden" name="next" value="{}"><input type="hidden" name="row" value="1"></form>',
        context["csrf_token"],
        context.get("here") or request.get_full_path(),
    )


def _ticking(post: Named, is_compared: bool) -> SafeString:
    name = "" if is_compared else format_html(' name="compare" value="{}"', 1)
    return format_html(
        '<button class="cp-tick" form="choosing" formaction="{}" aria-pressed="{}"{}><span class="cp-tick__box">{}'
        '</span>比較に入れる<span class="cp-visually-hidden">：{}</span></button>',
        reverse("postings:compare_change", args=[post.pk]),
        "true" if is_compared else "false",
        name,
        icon("check") if is_compared else "",
        post.title,
    )


def _keeping(post: Named, is_kept: bool) -> SafeString:
    name = "" if is_kept else format_html(' name="keep" value="{}"', 1)
    return format_html(
        '<button class="cp-button" data-kind="text" data-size="sm" form="choosing" formaction="{}"{}>{}'
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
        '<label><input class="cp-checkbox" type="checkbox" form="search" name="{}" value="{}"{}>'
        "<span>{}</span><b>{}件</b></label>",
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
