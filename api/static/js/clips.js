// Plays a stretch of a call where it stands: one sound at a time, from its second to its last.
const audio = new Audio();
let playing = null;
let until = 0;

function stop() {
  audio.pause();
  playing?.setAttribute("aria-pressed", "false");
  playing = null;
}

function play(button) {
  stop();
  until = Number(button.dataset.to);
  playing = button;
  button.setAttribute("aria-pressed", "true");
  const begin = () => {
    if (playing !== button) return; // another one was chosen while this one loaded
    audio.currentTime = Number(button.dataset.from);
    audio.play().catch(() => playing === button && stop());
  };
  if (audio.dataset.source === button.dataset.clip && audio.readyState >= 1) return begin();
  audio.dataset.source = button.dataset.clip;
  audio.src = button.dataset.clip;
  audio.addEventListener("loadedmetadata", begin, { once: true });
}

audio.addEventListener("timeupdate", () => {
  if (audio.currentTime >= until) stop();
});
for (const kind of ["ended", "error"]) audio.addEventListener(kind, stop);

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-clip]");
  if (!button) return;
  if (button === playing) stop();
  else play(button);
});
