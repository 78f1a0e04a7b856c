// Plays the seconds of a call or a clip where they are told of: [data-moment] holds the address of the sound,
// data-from and data-to the seconds (without them all of it is played).
const audio = new Audio();
audio.preload = "none";
let button = null;
let end = Infinity;

document.addEventListener("click", (event) => {
  const pressed = event.target.closest("[data-moment]");
  if (!pressed) return;
  event.preventDefault();
  if (pressed === button && !audio.paused) audio.pause();
  else start(pressed);
});

function start(pressed) {
  settle();
  button = pressed;
  const from = Number(pressed.dataset.from ?? 0);
  end = pressed.dataset.to ? Number(pressed.dataset.to) : Infinity;
  const address = new URL(pressed.dataset.moment, location.href).href;
  if (audio.src !== address) audio.src = address;
  audio.currentTime = from;
  button.setAttribute("aria-pressed", "true");
  audio.play().catch(() => {});
}

function settle() {
  button?.setAttribute("aria-pressed", "false");
  audio.pause();
}

audio.addEventListener("timeupdate", () => {
  if (audio.currentTime >= end) settle();
});
for (const kind of ["pause", "ended"]) audio.addEventListener(kind, () => button?.setAttribute("aria-pressed", "false"));
audio.addEventListener("error", () => {
  const failed = document.querySelector("#unplayable");
  if (!button || !failed) return;
  button.setAttribute("aria-pressed", "false");
  document.querySelector("#toasts").append(failed.content.cloneNode(true));
});
