"""What a service says when a rule of the portal forbids a change."""


class RuleViolation(Exception):  # noqa: N818  it names a broken rule of the ministry, not a fault
    """A rule forbids what was asked; nothing has changed.

    `sentence` is one plain Japanese sentence for the person who asked. Each app makes its own
    subclasses, so that a view can tell them apart.
    """

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
