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

let told = { steady: performance.now(), clock: Date.now() };

/** Counts down what the server said was left, on the last day; no clock of this computer is asked what time it is. */
function countDown(place) {
  const words = place.dataset;
  // The steady one stands still while a computer sleeps.
  const passed = Math.max(performance.now() - told.steady, Date.now() - told.clock);
  const left = Number(words.countdown) - passed / 1000;
  const minutes = Math.floor(left / 60);
  let said = place.textContent;
  if (left <= 0) said = words.over;
  else if (minutes < 1) said = words.last;
  else if (minutes < 60) said = words.minutes.replace("{m}", minutes);
  else if (minutes < 24 * 60) said = words.hours.replace("{h}", Math.floor(minutes / 60)).replace("{m}", minutes % 60);
  if (place.textContent !== said) place.textContent = said;
}

/** A deadline may move while a page is open; the answer to a save says so. */
function takeDeadline(place, { deadline, time_left, seconds_left }) {
  told = { steady: performance.now(), clock: Date.now() };
  place.dataset.countdown = seconds_left;
  place.textContent = time_left;
  place.parentElement.querySelector("[data-deadline]").textContent = deadline;
  countDown(place);
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
for (const place of document.querySelectorAll("[data-countdown]")) {
  countDown(place);
  setInterval(() => countDown(place), 1000);
  document.addEventListener("deadline-left", (event) => takeDeadline(place, event.detail));
}
