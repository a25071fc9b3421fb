"""Groups of words that mean the same."""

from postings.models import SynonymGroup
from postings.search.synonym_services import write_terms


def synonyms(*terms, is_used=True):
    group = SynonymGroup.objects.create(is_used=is_used)
    write_terms(group, terms)
    return group
