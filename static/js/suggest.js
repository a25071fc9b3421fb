// Words that go on from what is typed, as a list below the box: a combobox with a listbox, as ARIA describes it. They are
// offered while an input method composes, too, by their reading.
const DELAY = 150;

class Suggestions {
  constructor(place) {
    this.address = place.dataset.suggest;
    this.box = place.querySelector("input");
    this.list = Object.assign(document.createElement("ul"), { id: "suggestions", className: "cp-suggest", hidden: true });
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", "候補");
    place.append(this.list);
    this.box.setAttribute("role", "combobox");
    this.box.setAttribute("aria-autocomplete", "list");
    this.box.setAttribute("aria-controls", "suggestions");
    this.waiting = 0;
    this.asking = null;
    this.close();
    this.box.addEventListener("input", () => this.soon());
    this.box.addEventListener("keydown", (event) => this.press(event));
    this.box.addEventListener("blur", () => this.close());
    this.box.form.addEventListener("submit", () => this.close());
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => this.take(event.target.closest("[role=option]")));
  }

  soon() {
    clearTimeout(this.waiting);
    this.asking?.abort();
    this.waiting = setTimeout(() => this.ask(), DELAY);
  }

  async ask() {
    const typed = this.box.value;
    if (!typed.trim()) return this.close();
    this.asking = new AbortController();
    try {
      const answer = await fetch(`${this.address}?${new URLSearchParams({ q: typed })}`, {
        credentials: "same-origin",
        redirect: "manual",
        signal: this.asking.signal,
      });
      if (answer.status !== 200) return this.close();
      this.offer((await answer.json()).suggestions, typed.trim());
    } catch {
      // Nothing is offered then; the search works without.
      this.close();
    }
  }

  offer(suggestions, typed) {
    const useful = suggestions.filter((each) => each.line !== typed);
    this.list.replaceChildren(...useful.map((each, number) => this.option(each, number)));
    const isOpen = useful.length > 0 && document.activeElement === this.box;
    this.list.hidden = !isOpen;
    this.box.setAttribute("aria-expanded", String(isOpen));
    this.mark(-1);
  }

  option(suggestion, number) {
    const item = document.createElement("li");
    item.id = `suggestion-${number}`;
    item.className = "cp-suggest__item";
    item.dataset.line = suggestion.line;
    item.setAttribute("role", "option");
    const word = Object.assign(document.createElement("span"), { className: "cp-suggest__word", textContent: suggestion.word });
    const about = Object.assign(document.createElement("span"), {
      className: "cp-suggest__about",
      textContent: `${suggestion.kind}　${suggestion.posts.toLocaleString("ja")}件`,
    });
    item.append(word, about);
    return item;
  }

  /** Marks one of the list, by its number; -1 for none. */
  mark(number) {
    this.marked = number;
    [...this.list.children].forEach((item, each) => item.setAttribute("aria-selected", String(each === number)));
    const item = this.list.children[number];
    if (item) this.box.setAttribute("aria-activedescendant", item.id);
    else this.box.removeAttribute("aria-activedescendant");
    item?.scrollIntoView({ block: "nearest" });
  }

  press(event) {
    // Keys are the input method's while it composes.
    if (event.isComposing || this.list.hidden) return;
    const count = this.list.children.length;
    const moves = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in moves) {
      event.preventDefault();
      // One more place than words: the box itself lies between the last and the first.
      this.mark(((this.marked + 1 + moves[event.key] + count + 1) % (count + 1)) - 1);
    } else if (event.key === "Enter" && this.marked >= 0) {
      event.preventDefault();
      this.take(this.list.children[this.marked]);
    } else if (event.key === "Escape") {
      event.preventDefault();
      this.close();
    }
  }

  take(item) {
    if (!item) return;
    this.box.value = item.dataset.line;
    this.close();
    this.box.dispatchEvent(new CustomEvent("suggestion", { bubbles: true }));
  }

  close() {
    clearTimeout(this.waiting);
    this.asking?.abort();
    this.list.hidden = true;
    this.box.setAttribute("aria-expanded", "false");
    this.mark(-1);
  }
}

for (const place of document.querySelectorAll("[data-suggest]")) new Suggestions(place);
