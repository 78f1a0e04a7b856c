// Says that this page has the draft open, and shows who else has. Hidden pages say nothing and lapse.
const sign = document.querySelector("[data-presence]");
const EVERY = 10_000;

async function say() {
  if (document.hidden) return;
  try {
    const answer = await fetch(sign.dataset.presence, { method: "POST" });
    if (answer.ok) show((await answer.json()).text);
  } catch {
    // Without a server nobody can be seen; the editor tells that nothing is saved.
  }
}

function show(text) {
  if (sign.textContent !== text) sign.textContent = text;
  sign.hidden = !text;
}

say();
setInterval(say, EVERY);
document.addEventListener("visibilitychange", say);
window.addEventListener("pagehide", () => navigator.sendBeacon(`${sign.dataset.presence}?left=1`));
window.addEventListener("pageshow", (event) => event.persisted && say());
