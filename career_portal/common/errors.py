"""What a service says when a rule of the portal forbids a change."""


class RuleViolation(Exception):
    """A rule forbids what was asked; nothing has changed.

    `sentence` is one plain Japanese sentence for the person who asked. Each app makes its own
    subclasses, which give the sentence of their rule or take one, so that a view can tell them apart.
    """

    sentence = "この操作はできません。"

    def __init__(self, sentence: str | None = None) -> None:
        if sentence is not None:
            self.sentence = sentence
        super().__init__(self.sentence)
