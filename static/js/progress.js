// Follows work under way: an element with data-poll="SECONDS" and an id takes its newest state from the same address until
// that has no data-poll any more. Without this script a link in it loads the page again.
{
  const SLOW_AFTER = 60_000;
  const SLOW = 5;
  const begun = Date.now();

  function follow(element) {
    const usual = Number(element.dataset.poll);
    const seconds = Date.now() - begun > SLOW_AFTER ? Math.max(usual, SLOW) : usual;
    setTimeout(() => take(element), seconds * 1000);
  }

  async function take(element) {
    const fresh = await newest(element.id);
    // A button in it that somebody is about to press stays where it is.
    if (!fresh || element.contains(document.activeElement)) return follow(element);
    // Screen readers hear the beginning and the end, not every step between.
    const said = element.querySelector("[role=status]");
    const now = fresh.querySelector("[role=status]");
    if (said && now && fresh.dataset.poll) now.setAttribute("aria-live", "off");
    element.replaceWith(fresh);
    if (fresh.dataset.poll) follow(fresh);
  }

  async function newest(id) {
    try {
      const answer = await fetch(location.href, { credentials: "same-origin", redirect: "manual" });
      if (answer.status !== 200) return null;
      return new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(id);
    } catch {
      return null;
    }
  }

  document.querySelectorAll("[data-poll]").forEach(follow);
}
