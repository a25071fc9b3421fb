"""`manage.py reindex_posts`: makes the entries of the search anew."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from postings.search import index_services


class Command(BaseCommand):
    """Makes those that are missing, left over or of an older way of indexing; all of them with `--all`."""

    help = "Make the search's entries of published posts anew: those that are out of date, or all."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which posts."""
        parser.add_argument("--all", action="store_true", help="every published post")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make them and say how many."""
        posts = index_services.all_posts() if options["all"] else index_services.stale_posts()
        self.stdout.write(f"search: {index_services.refresh_all(posts)} posts indexed")
