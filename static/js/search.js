// Results as one types: the same address is fetched, its results alone, and the address follows. Without this script the
// form, the links and the button 「この条件で絞り込む」 do the same.
const DELAY = 250;
const form = document.getElementById("search");
const found = document.getElementById("found");
const box = document.getElementById("q");
const status = document.getElementById("search-status");

let waiting = 0;
let asking = null;
let shown = location.search;

/** The query of the form as it stands, without what asks for nothing. */
function asked() {
  const query = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    const text = name === "q" ? value.trim().replace(/\s+/g, " ") : value;
    if (text) query.append(name, text);
  }
  return query.size ? `?${query}` : "";
}

/** Shows the results for a query. `how` says what becomes of the address: push, replace, or keep. */
async function show(query, how) {
  clearTimeout(waiting);
  asking?.abort();
  const own = new AbortController();
  asking = own;
  found.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(`${location.pathname}${query}`, {
      headers: { "X-Portal-Part": "results" },
      credentials: "same-origin",
      redirect: "manual",
      signal: own.signal,
    });
    if (answer.status !== 200) throw new Error("no results");
    put(await answer.text());
    shown = query;
    if (how === "push") history.pushState(null, "", `${location.pathname}${query}`);
    if (how === "replace") history.replaceState(null, "", `${location.pathname}${query}`);
  } catch (problem) {
    if (problem.name === "AbortError") return;
    // The page itself says what is wrong: signed out, or no connection.
    if (how !== "replace") location.assign(`${location.pathname}${query}`);
    else status.textContent = "結果を読み込めませんでした。「検索」を押すと、もう一度探します。";
  } finally {
    if (asking === own) found.removeAttribute("aria-busy");
  }
}

/** Puts new results in place; folds stay as they are, and the focus on what was pressed. */
function put(markup) {
  const fresh = new DOMParser().parseFromString(markup, "text/html").body;
  for (const fold of found.querySelectorAll("details[id]")) {
    const same = fresh.querySelector(`#${fold.id}`);
    if (same) same.open = fold.open;
  }
  const focused = found.contains(document.activeElement) ? document.activeElement : null;
  const key = focused?.name ? `[name="${focused.name}"][value="${CSS.escape(focused.value)}"]` : "";
  found.replaceChildren(...fresh.childNodes);
  if (focused) {
    const again = key ? found.querySelector(key) : null;
    for (let fold = again?.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
    (again ?? heading()).focus({ preventScroll: true });
  }
  status.textContent = heading().textContent;
}

function heading() {
  const number = document.getElementById("found-number");
  number.tabIndex = -1;
  return number;
}

function soon() {
  clearTimeout(waiting);
  waiting = setTimeout(() => {
    const query = asked();
    if (query !== shown) show(query, "replace");
  }, DELAY);
}

function follow() {
  found.setAttribute("data-instant", "");
  // What an input method composes is not what somebody looks for yet.
  box.addEventListener("input", (event) => {
    if (!event.isComposing) soon();
    else clearTimeout(waiting);
  });
  box.addEventListener("compositionend", soon);
  box.addEventListener("suggestion", () => show(asked(), "push"));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    show(asked(), "push");
  });
  found.addEventListener("change", (event) => {
    if (event.target.matches("input[form=search]")) show(asked(), "push");
  });
  found.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-instant]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    const query = new URL(link.href).search;
    if (link.dataset.instant === "words") box.value = new URLSearchParams(query).get("q") ?? "";
    show(query, "push").then(() => {
      if (link.dataset.instant === "page") heading().scrollIntoView();
    });
  });
  addEventListener("popstate", () => {
    box.value = new URLSearchParams(location.search).get("q") ?? "";
    show(location.search, "keep");
  });
}

follow();
