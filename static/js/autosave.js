// Saves a part of the hope survey while it is typed. Without this script its buttons save.
// Nothing typed is ever kept in the browser's storage: what is not on the server is on the page, and the page says so.
{
  const form = document.querySelector("form[data-autosave]");
  const strip = document.getElementById(form.dataset.autosave);
  const status = strip.querySelector("[role=status]");
  const action = strip.querySelector("button");
  const count = document.getElementById("save-count");

  const AFTER_TYPING = 1000;
  const AFTER_CHOOSING = 300;
  const RETRY_AT_MOST = 30000;

  let isDirty = strip.dataset.state === "stale" || strip.dataset.state === "failed";
  let isStopped = strip.dataset.state === "stale";
  let isComposing = false;
  let isLeaving = false;
  let timer = 0;
  let wait = 2000;
  let running = null;
  let announced = false;

  function show(state, sentence, { aloud = false } = {}) {
    strip.dataset.state = state;
    status.setAttribute("aria-live", aloud ? "polite" : "off");
    status.textContent = sentence;
  }

  function soon(delay) {
    isDirty = true;
    if (isStopped) return;
    if (strip.dataset.state !== "failed") show("dirty", strip.dataset.dirty);
    clearTimeout(timer);
    timer = setTimeout(save, delay);
  }

  // Signing in again in another tab gives a new token; the old one would refuse what was typed here.
  async function takeNewToken() {
    const page = await fetch(form.action, { redirect: "manual", credentials: "same-origin" });
    if (page.status !== 200) return false;
    const fresh = new DOMParser().parseFromString(await page.text(), "text/html");
    const token = fresh.querySelector("#part-form [name=csrfmiddlewaretoken]")?.value;
    if (!token || token === form.elements.csrfmiddlewaretoken.value) return false;
    form.elements.csrfmiddlewaretoken.value = token;
    return true;
  }

  function save() {
    clearTimeout(timer);
    if (isComposing || isStopped || !isDirty) return running ?? Promise.resolve();
    running ??= send().finally(() => (running = null));
    return running;
  }

  // One request at a time; what is typed meanwhile goes with the next.
  async function send() {
    let isStored = true;
    while (isDirty && isStored && !isStopped) {
      isDirty = false;
      show(strip.dataset.state === "failed" ? "failed" : "saving", strip.dataset.saving);
      try {
        isStored = await post();
      } catch {
        isStored = unsaved();
      }
    }
  }

  async function post(isSecondTry = false) {
    const body = new URLSearchParams(new FormData(form));
    const answer = await fetch(form.action, {
      method: "POST",
      body,
      headers: { Accept: "application/json" },
      redirect: "manual",
      credentials: "same-origin",
      keepalive: body.toString().length < 60000,
    });
    if (answer.status === 403 && !isSecondTry && (await takeNewToken())) return post(true);
    return read(answer);
  }

  /** Whether the answer says that everything posted is stored. */
  async function read(answer) {
    if (answer.status === 200) return saved(await answer.json());
    isDirty = true;
    if (answer.status === 409) return refused(await answer.json());
    if (answer.status === 422) {
      mark((await answer.json()).problems);
      return failed(strip.dataset.refused);
    }
    if (answer.status === 401 || answer.status === 403) return failed(strip.dataset.expired);
    return unsaved();
  }

  function saved(answer) {
    form.elements.version.value = answer.version;
    mark(answer.remarks);
    wait = 2000;
    count.textContent = `${answer.done}／${answer.total}`;
    if (!isDirty) show("saved", `${answer.saved_at} ${strip.dataset.saved}`, { aloud: !announced });
    announced = true;
    return true;
  }

  function refused(answer) {
    isStopped = true;
    const isStale = answer.reason === "stale";
    action.textContent = isStale ? strip.dataset.compare : strip.dataset.again;
    show("stale", isStale ? strip.dataset.stale : strip.dataset.closed, { aloud: true });
    return false;
  }

  function failed(sentence) {
    action.textContent = strip.dataset.again;
    show("failed", sentence, { aloud: true });
    return false;
  }

  function unsaved() {
    isDirty = true;
    failed(strip.dataset.failed);
    clearTimeout(timer);
    timer = setTimeout(save, wait);
    wait = Math.min(wait * 2, RETRY_AT_MOST);
    return false;
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

  form.addEventListener("submit", async (event) => {
    clearTimeout(timer);
    if (isLeaving || !running) {
      isDirty = false;
      return;
    }
    event.preventDefault();
    isLeaving = true;
    await running;
    isDirty = false;
    form.requestSubmit(event.submitter);
  });

  document.addEventListener("submit", async (event) => {
    if (event.target === form || isLeaving || (!isDirty && !running)) return;
    event.preventDefault();
    await settle();
    if (isDirty) return;
    isLeaving = true;
    event.target.requestSubmit(event.submitter);
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

  window.addEventListener("online", () => isDirty && save());
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" && isDirty) save();
  });
  window.addEventListener("beforeunload", (event) => {
    if (isDirty) event.preventDefault();
  });
  // Back shows the page as it was left, with its version; only the marks of leaving are taken off.
  window.addEventListener("pageshow", () => (isLeaving = false));
}
