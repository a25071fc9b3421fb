"""Descriptions of posts (ポストディスクリプション): posts, the versions of their descriptions, what was said in review."""

from postings.models.imports import PostImport, PostImportRow
from postings.models.keeping import CatalogueVisit, KeptPost
from postings.models.posts import PostDescription, PostVersion
from postings.models.review import ReviewComment, ReviewReminder
from postings.models.search import SearchEntry, SearchTerm, Synonym, SynonymGroup
from postings.models.skills import PostSkill, VersionWriter

__all__ = [
    "CatalogueVisit",
    "KeptPost",
    "PostDescription",
    "PostImport",
    "PostImportRow",
    "PostSkill",
    "PostVersion",
    "ReviewComment",
    "ReviewReminder",
    "SearchEntry",
    "SearchTerm",
    "Synonym",
    "SynonymGroup",
    "VersionWriter",
]
