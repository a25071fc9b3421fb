"""The local stack's mailbox: mounted where LOCAL_MAIL_ENABLED is set, never in production."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from career_portal.common.era import moment
from career_portal.common.text import search_words
from career_portal.design.components import Crumb, SummaryRow
from career_portal.mail.models import LocalMail

MAILS_PER_PAGE = 25


@login_not_required
@require_safe
def local_mail_list(request: HttpRequest) -> HttpResponse:
    """Mails received, newest first; ``?to=`` narrows them to a part of the address or name."""
    words = search_words(request.GET.get("to", ""))
    found = LocalMail.objects.addressed_like(words)
    page = Paginator(found, MAILS_PER_PAGE).get_page(request.GET.get("page"))
    rows = [{"mail": mail, "received": moment(mail.received_at)} for mail in page]
    return render(
        request, "mail/local_mail_list.html", {"words": words, "page": page, "rows": rows}
    )


@login_not_required
@require_safe
def local_mail_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One mail as it was received."""
    mail = get_object_or_404(LocalMail.objects.all(), pk=pk)
    headers = [
        SummaryRow("差出人", mail.sender),
        SummaryRow("宛先", mail.recipient),
        SummaryRow("受信", moment(mail.received_at)),
        SummaryRow("メッセージID", mail.message_id),
    ]
    crumbs = [Crumb("届いたメール", reverse("mail:local_mail_list")), Crumb(mail.subject)]
    return render(
        request,
        "mail/local_mail_detail.html",
        {"mail": mail, "headers": headers, "crumbs": crumbs},
    )
