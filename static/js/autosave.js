// Saves a part of the hope survey while it is typed. Without this script its buttons save.
// Nothing typed is ever kept in the browser's storage: what is not on the server is on the page, and the page says so.
{
  const form = document.querySelector("form[data-autosave]");
  const strip = document.getElementById(form.dataset.autosave);
  const status = strip.querySelector("[role=status]");
  const action = strip.querySelector("button");
  const signIn = document.getElementById("save-sign-in");
  const count = document.getElementById("save-count");
  const session = document.getElementById("session");
  const isComparing = document.querySelector(".cp-versions") !== null;

  const AFTER_TYPING = 1000;
  const AFTER_CHOOSING = 300;
  const AT_LATEST = 10000;
  const RETRY_AT_MOST = 30000;

  let isDirty = strip.dataset.state === "stale" || strip.dataset.state === "failed";
  let isStopped = strip.dataset.state === "stale" || strip.dataset.reason === "submitted";
  let isComposing = false;
  let isLeaving = false;
  let isPassing = false;
  let timer = 0;
  let dirtySince = 0;
  let notBefore = 0;
  let wait = 2000;
  let running = null;
  let uncertain = null;
  let said = "";

  // Screen readers hear that saving works, that it fails, and that it works again, each once.
  function say(state, sentence, news = sentence) {
    show(state, sentence, news === said ? "off" : "polite");
    said = news;
  }

  function show(state, sentence, live = "off") {
    strip.dataset.state = state;
    status.setAttribute("aria-live", live);
    status.textContent = sentence;
  }

  function soon(delay) {
    if (!isDirty) dirtySince = Date.now();
    isDirty = true;
    if (isStopped) return;
    if (strip.dataset.state !== "failed") show("dirty", strip.dataset.dirty);
    clearTimeout(timer);
    const latest = Math.max(0, dirtySince + AT_LATEST - Date.now());
    timer = setTimeout(save, Math.max(Math.min(delay, latest), notBefore - Date.now()));
  }

  // Signing in again in another tab gives a new token; the old one would refuse what was typed here.
  async function takeNewToken() {
    const answer = await fetch(session.dataset.url, {
      headers: { Accept: "application/json" },
      redirect: "manual",
      credentials: "same-origin",
    });
    if (answer.status !== 200) return false;
    const found = await answer.json();
    // Whoever signed in there may be somebody else, who must not get this text.
    if (found.person !== form.dataset.writer) return false;
    form.elements.csrfmiddlewaretoken.value = found.token;
    return true;
  }

  function save() {
    clearTimeout(timer);
    if (isComposing || isStopped || !isDirty) return running ?? Promise.resolve();
    return start();
  }

  function start() {
    running ??= send().finally(() => (running = null));
    return running;
  }

  // One request at a time; what is typed meanwhile goes with the next.
  async function send() {
    let outcome = "stored";
    while (isDirty && outcome === "stored") {
      isDirty = false;
      show(strip.dataset.state === "failed" ? "failed" : "saving", strip.dataset.saving);
      try {
        outcome = await post();
      } catch {
        outcome = unsaved();
      }
    }
    return outcome;
  }

  // A save whose answer got lost may be stored. It is sent again as it was: the server knows its own
  // text again, where newer text with the old version would look like that of another window.
  async function post() {
    const isRepeated = uncertain !== null;
    uncertain ??= new URLSearchParams(new FormData(form));
    let answer = await request(uncertain);
    if (answer.status === 403 && (await takeNewToken())) answer = await request(uncertain);
    if (isRepeated) isDirty = true;
    return read(answer);
  }

  function request(body) {
    body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    return fetch(form.action, {
      method: "POST",
      body,
      headers: { Accept: "application/json" },
      redirect: "manual",
      credentials: "same-origin",
      keepalive: body.toString().length < 60000,
    });
  }

  /** "stored", "told" where the server says why not, or "lost" where the text is on this page only. */
  async function read(answer) {
    const isExpired = answer.status === 401 || answer.status === 403;
    const reader = { 200: saved, 409: refused, 422: unreadable }[answer.status];
    signIn.hidden = !isExpired;
    if (answer.status !== 200) isDirty = true;
    if (isExpired) return expired();
    if (!reader) return unsaved();
    const found = await answer.json();
    tell("deadline-left", found);
    tell("session-left", Number(answer.headers.get("Session-Seconds-Left")));
    return reader(found);
  }

  // The page counts both times down; each answer says how long they really are.
  function tell(what, detail) {
    document.dispatchEvent(new CustomEvent(what, { detail }));
  }

  function saved(answer) {
    uncertain = null;
    notBefore = 0;
    form.elements.version.value = answer.version;
    // A page that compares is sent once more by its button: its choices hold for what it was made from.
    if (!isComparing) form.elements.base.value = answer.base;
    mark(answer.remarks);
    wait = 2000;
    count.textContent = `${answer.done}／${answer.total}`;
    if (!isDirty) say("saved", `${answer.saved_at} ${strip.dataset.saved}`, strip.dataset.saved);
    return "stored";
  }

  function refused(answer) {
    uncertain = null;
    if (answer.reason === "closed") return closed();
    if (answer.reason === "writer") return later(strip.dataset.writer);
    isStopped = true;
    action.textContent = answer.reason === "stale" ? strip.dataset.compare : strip.dataset.again;
    say("stale", strip.dataset[answer.reason]);
    return "told";
  }

  // The deadline may be extended at any moment: what is on the page is then saved without a press.
  function closed() {
    notBefore = Date.now() + RETRY_AT_MOST;
    return later(strip.dataset.closed, RETRY_AT_MOST);
  }

  function unreadable(answer) {
    uncertain = null;
    mark(answer.problems);
    failed(strip.dataset.refused);
    return "told";
  }

  function expired() {
    uncertain = null;
    return later(strip.dataset.expired);
  }

  function unsaved() {
    isDirty = true;
    return later(strip.dataset.failed);
  }

  function later(sentence, delay = wait) {
    failed(sentence);
    clearTimeout(timer);
    timer = setTimeout(save, delay);
    wait = Math.min(wait * 2, RETRY_AT_MOST);
    return "lost";
  }

  function failed(sentence) {
    action.textContent = strip.dataset.again;
    say("failed", sentence);
  }

  function mark(sentences) {
    for (const line of form.querySelectorAll(".cp-error")) {
      const code = line.id.slice("id_".length, -"_error".length);
      const sentence = sentences[code] ?? "";
      line.textContent = sentence && `＊${sentence}`;
      line.hidden = !sentence;
      const field = document.getElementById(`id_${code}`);
      if (sentence) field?.setAttribute("aria-invalid", "true");
      else field?.removeAttribute("aria-invalid");
      line.parentElement.toggleAttribute("data-invalid", Boolean(sentence));
    }
  }

  form.addEventListener("compositionstart", () => (isComposing = true));
  form.addEventListener("compositionend", () => {
    isComposing = false;
    soon(AFTER_TYPING);
  });
  form.addEventListener("input", (event) => {
    if (!event.isComposing) soon(event.target.matches("textarea, input:not([type])") ? AFTER_TYPING : AFTER_CHOOSING);
  });

  // A button or a link waits until what was typed before it is stored, so that the next page shows it.
  async function settle() {
    clearTimeout(timer);
    if (running) await running;
    if (isDirty && !isStopped) await save();
  }

  function pass(passed, submitter) {
    isPassing = true;
    passed.requestSubmit(submitter);
    isPassing = false;
  }

  // Without a network or a session the browser would leave the page, and the text with it: it stays.
  form.addEventListener("submit", async (event) => {
    if (isPassing) return;
    const isSecond = isLeaving;
    const isWaiting = isDirty || running;
    if (isSecond || isWaiting) event.preventDefault();
    if (isSecond) return;
    isLeaving = true;
    clearTimeout(timer);
    if (!isWaiting) return;
    if (running) await running;
    const outcome = isDirty ? await start() : "stored";
    if (outcome === "lost" || (outcome === "stored" && event.submitter === action)) {
      isLeaving = false;
      return;
    }
    isDirty = false;
    pass(form, event.submitter);
  });

  document.addEventListener("submit", async (event) => {
    if (event.target === form || isPassing || isStopped || (!isDirty && !running)) return;
    event.preventDefault();
    await settle();
    if (!isDirty) pass(event.target, event.submitter);
  });

  document.addEventListener("click", async (event) => {
    const link = event.target.closest?.("a[href]");
    const plain = !event.defaultPrevented && !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0;
    if (!link || !plain || link.target || link.getAttribute("href").startsWith("#")) return;
    if (isStopped || (!isDirty && !running)) return;
    event.preventDefault();
    await settle();
    location.href = link.href;
  });

  if (strip.dataset.reason === "closed") closed();
  window.addEventListener("online", save);
  // Leaving the window stores what is typed; coming back from signing in elsewhere stores what waited.
  document.addEventListener("visibilitychange", save);
  window.addEventListener("beforeunload", (event) => {
    if (isDirty || running) event.preventDefault();
  });
  // Back may show the page as it was left, with a version that has been replaced since.
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    isLeaving = false;
    if (!isDirty) location.reload();
  });
}
