"""A person who works with the keyboard alone."""

MOST_STOPS = 150

# What a sighted keyboard user needs at every stop: something focused, marked, on the screen and not covered.
LOOK = """(selector) => {
    const focused = document.activeElement;
    const rect = focused.getBoundingClientRect();
    const outlines = [getComputedStyle(focused), getComputedStyle(focused, "::after")];
    const middle = [rect.left + rect.width / 2, Math.max(rect.top + 1, Math.min(rect.top + rect.height / 2, innerHeight - 2))];
    const top = document.elementFromPoint(...middle);
    const label = focused.closest("label");
    return {
        isAnywhere: focused !== document.body,
        isThere: focused.matches(selector),
        what: focused.outerHTML.slice(0, 160),
        isMarked: outlines.some((style) => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2),
        isOnScreen: rect.bottom > 0 && rect.top < innerHeight && rect.width > 0,
        isCovered: !(focused.contains(top) || label?.contains(top)),
    };
}"""


class Keyboard:
    """Presses keys on a page, and looks after every one where the focus is."""

    def __init__(self, page):
        self.page = page

    def press(self, key, times=1):
        for _ in range(times):
            self.page.keyboard.press(key)

    def go_to(self, selector, *, key="Tab"):
        """Walk from stop to stop until one matches; the walk starts where the focus is."""
        seen = []
        for _ in range(MOST_STOPS):
            self.press(key)
            stop = self.page.evaluate(LOOK, selector)
            if not stop["isAnywhere"]:
                continue
            seen.append(stop["what"])
            assert stop["isMarked"], f"no visible focus on {stop['what']}"
            assert stop["isOnScreen"], f"focus off the screen on {stop['what']}"
            assert not stop["isCovered"], f"focus covered on {stop['what']}"
            if stop["isThere"]:
                return
        raise AssertionError(f"{selector} cannot be reached. Stops: {seen}")

    def follow(self, selector):
        """Walk to a link or button and press Enter; wait for the page it leads to."""
        self.go_to(selector)
        with self.page.expect_navigation():
            self.press("Enter")

    def choose(self, name, steps):
        """Walk to a group of radio buttons and go down by arrow keys; the first is chosen by space."""
        self.go_to(f"[name='{name}']")
        self.press("Space")
        self.press("ArrowDown", steps)

    def write(self, name, text):
        """Walk to a text field and type; letters are real key presses."""
        self.go_to(f"[name='{name}']")
        self.page.keyboard.type(text)
