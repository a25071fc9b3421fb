// Warns before the sign-in ends, and says when it has ended. Without this script the server refuses what comes too late,
// and gives it back. How long the sign-in lasts is always the server's word: other tabs may have prolonged it.

const WARN_SECONDS = 5 * 60;
const ASK_AGAIN = 30_000;

const notice = document.getElementById("session");
let endsAt = 0;
let timer = 0;
let token = "";

/** The answer about this sign-in; null where it has ended or is somebody else's, undefined where nobody answers. */
async function ask(options = {}) {
  const headers = { Accept: "application/json", ...options.headers };
  try {
    const answer = await fetch(notice.dataset.url, { redirect: "manual", ...options, headers });
    if (answer.status === 401) return null;
    const found = answer.ok ? await answer.json() : undefined;
    return found && found.person !== notice.dataset.person ? null : found;
  } catch {
    return undefined;
  }
}

async function look() {
  clearTimeout(timer);
  const found = await ask();
  if (found === undefined) timer = setTimeout(look, ASK_AGAIN);
  else if (found === null) show("ended");
  else learn(found);
}

function learn(found) {
  token = found.token;
  // Signing in again elsewhere gave a new token: the forms of this page take it over.
  document.querySelectorAll("[name=csrfmiddlewaretoken]").forEach((field) => (field.value = token));
  if (found.seconds_left > WARN_SECONDS) return rest(found.seconds_left);
  notice.querySelector("[data-ends-at]").textContent = found.ends_at;
  show(found.can_be_prolonged ? "near" : "last");
  wait(found.seconds_left, 1);
}

/** The sign-in lasts: nothing to say until shortly before its end. */
function rest(seconds) {
  show("");
  wait(seconds, -WARN_SECONDS);
}

function wait(seconds, longer) {
  endsAt = Date.now() + seconds * 1000;
  clearTimeout(timer);
  timer = setTimeout(look, Math.max(0, seconds + longer) * 1000);
}

function show(state) {
  if (notice.dataset.state === state) return;
  const hadFocus = notice.contains(document.activeElement);
  notice.dataset.state = state;
  notice.hidden = !state;
  for (const body of notice.querySelectorAll("[data-when]")) body.hidden = body.dataset.when !== state;
  if (hadFocus) document.getElementById("main").focus({ preventScroll: true });
}

async function prolong() {
  const found = await ask({ method: "POST", headers: { "X-CSRFToken": token } });
  if (found && found.seconds_left > WARN_SECONDS) rest(found.seconds_left);
  else look();
}

// A computer that slept, or a tab that lay behind others, looks when it is looked at.
function returned() {
  const isDue = notice.dataset.state || Date.now() >= endsAt - WARN_SECONDS * 1000;
  if (document.visibilityState === "visible" && isDue) look();
}

if (notice) {
  rest(Number(notice.dataset.secondsLeft));
  notice.querySelector("[data-session=prolong]").addEventListener("click", prolong);
  notice.querySelector("[data-session=close]").addEventListener("click", () => (notice.hidden = true));
  document.addEventListener("session-left", (event) => event.detail > WARN_SECONDS && rest(event.detail));
  document.addEventListener("visibilitychange", returned);
  window.addEventListener("focus", returned);
}

// A post that was given back takes the token of whoever has signed in meanwhile.
for (const form of document.querySelectorAll("form[data-token-from]")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      const headers = { Accept: "application/json" };
      const answer = await fetch(form.dataset.tokenFrom, { redirect: "manual", headers });
      if (answer.ok) form.elements.csrfmiddlewaretoken.value = (await answer.json()).token;
    } finally {
      form.submit();
    }
  });
}
