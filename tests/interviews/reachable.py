"""People to whom mails can go."""

from tests.factories import interviews as made


def reachable(person):
    """The person, with an address."""
    person.email = f"{person.username}@example.go.jp"
    person.save(update_fields=["email"])
    return person


def line():
    """A head and a member of his section."""
    head, member = made.line()
    return reachable(head), reachable(member)


def colleague(member):
    """Another member of the section."""
    section = member.assignments.get().section
    return reachable(made.AssignmentFactory(section=section).user)
