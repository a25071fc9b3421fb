// Niceties of every page. Each page works without them.

const graphemes = new Intl.Segmenter("ja", { granularity: "grapheme" });

/** Length as the server counts it: grapheme clusters, a line break counting one. */
function textLength(text) {
  let length = 0;
  for (const _ of graphemes.segment(text.replace(/\r\n?/g, "\n"))) length += 1;
  return length;
}

function showCount(control) {
  const counter = document.getElementById(control.dataset.counter);
  if (!counter) return;
  const maximum = Number(control.dataset.counterMax);
  const length = textLength(control.value);
  const over = length > maximum;
  counter.toggleAttribute("data-over", over);
  counter.firstElementChild.textContent = `${length} / ${maximum}`;
  const sentence = over ? counter.dataset.overText.replace("{n}", length - maximum) : "";
  if (counter.lastElementChild.textContent !== sentence) {
    counter.lastElementChild.textContent = sentence;
  }
}

function watchCounters() {
  document.querySelectorAll("[data-counter-max]").forEach(showCount);
  for (const kind of ["input", "compositionend"]) {
    document.addEventListener(kind, (event) => {
      if (event.target.matches?.("[data-counter-max]") && !event.isComposing) showCount(event.target);
    });
  }
}

/** Invoker commands open the drawer by themselves in newer browsers. */
function supportOlderDrawers() {
  if ("commandForElement" in HTMLButtonElement.prototype) return;
  for (const button of document.querySelectorAll("button[commandfor]")) {
    const dialog = document.getElementById(button.getAttribute("commandfor"));
    button.addEventListener("click", () => {
      if (button.getAttribute("command") === "close") dialog.close();
      else dialog.showModal();
    });
  }
}

function closeDrawerFromOutside() {
  const drawer = document.getElementById("cp-drawer");
  drawer?.addEventListener("click", (event) => {
    if (event.target === drawer) drawer.close();
  });
}

/** Moves to what an error line names, with its label in view, opening folds around it. */
function followErrorLink(event) {
  const link = event.target.closest?.(".cp-errors a[href^='#']");
  const control = link && document.getElementById(link.hash.slice(1));
  if (!control) return;
  event.preventDefault();
  for (let fold = control.closest("details"); fold; fold = fold.parentElement.closest("details")) {
    fold.open = true;
  }
  const label = control.closest("fieldset")?.querySelector("legend") ?? control.labels?.[0];
  (label ?? control).scrollIntoView();
  control.focus({ preventScroll: true });
}

function openAnchoredFold() {
  const target = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
  const fold = target && target.closest("details");
  if (fold && !fold.open) {
    fold.open = true;
    target.scrollIntoView();
  }
}

watchCounters();
supportOlderDrawers();
closeDrawerFromOutside();
document.addEventListener("click", followErrorLink);
document.querySelector("[data-focus]")?.focus();
openAnchoredFold();
if (window.matchMedia("(width >= 64rem)").matches) {
  document.querySelectorAll("details[data-open-wide]").forEach((fold) => (fold.open = true));
}
for (const button of document.querySelectorAll("button[data-print]")) {
  button.addEventListener("click", () => window.print());
}
for (const button of document.querySelectorAll("button[data-folds]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const folds = document.querySelectorAll(`#${button.dataset.folds} > details`);
    folds.forEach((fold) => (fold.open = true));
  });
}
