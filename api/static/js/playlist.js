// Clips one after the other: [data-item]s with the address of their sound in data-src, for a part of a longer sound with
// data-from and data-to. On the page of one clip only its audio element is there.
const audio = document.querySelector("#audio");
const box = document.querySelector("[data-playlist]");
const items = [...document.querySelectorAll("[data-item]")];
const part = (name) => box?.querySelector(`[data-${name}]`);
let current = -1;

const clock = (time) => `${Math.floor(time / 60)}:${String(Math.floor(time % 60)).padStart(2, "0")}`;
const from = () => Number(items[current]?.dataset.from ?? 0);
const to = () => Number(items[current]?.dataset.to ?? Infinity);
let asked = false;
const play = () => {
  asked = true;
  audio.play().catch(() => {});
};

function choose(number, thenPlay) {
  if (number < 0 || number >= items.length) return;
  items[current]?.removeAttribute("aria-current");
  current = number;
  const item = items[number];
  item.setAttribute("aria-current", "true");
  const address = new URL(item.dataset.src, location.href).href;
  if (audio.src !== address) audio.src = address;
  audio.currentTime = from();
  part("title").textContent = `${number + 1} / ${items.length} · ${item.dataset.name}`;
  part("length").textContent = item.dataset.length ? `/ ${item.dataset.length}` : "";
  show();
  if (thenPlay) {
    play();
    item.scrollIntoView({ block: "nearest", behavior: "smooth" });
  }
}

function toggle() {
  if (!audio.paused) audio.pause();
  else play();
}

function show() {
  if (box) part("now").textContent = clock(Math.max(0, audio.currentTime - from()));
}

function over() {
  audio.pause();
  if (part("onwards")?.checked && current + 1 < items.length) choose(current + 1, true);
}

function playing() {
  const button = part("play");
  if (!button) return;
  const word = button.querySelector("span");
  button.setAttribute("aria-pressed", String(!audio.paused));
  word.dataset.other ??= word.textContent;
  word.textContent = audio.paused ? word.dataset.other : word.dataset.word;
  box.classList.toggle("playing", !audio.paused);
}

audio.addEventListener("timeupdate", () => {
  show();
  if (audio.currentTime >= to() && !audio.paused) over();
});
audio.addEventListener("ended", over);
for (const kind of ["play", "pause"]) audio.addEventListener(kind, playing);
audio.addEventListener("error", () => {
  const failed = document.querySelector("#unplayable");
  if (failed && asked && audio.currentSrc) document.querySelector("#toasts").append(failed.content.cloneNode(true));
});

document.addEventListener("click", (event) => {
  const line = event.target.closest("[data-at]");
  if (line) {
    audio.currentTime = Number(line.dataset.at);
    play();
  }
  const item = event.target.closest("[data-pick]")?.closest("[data-item]");
  if (item) choose(items.indexOf(item), true);
});

document.addEventListener("assist:key", (event) => {
  const { key, target } = event.detail;
  if (key === " " && target.closest("button, a, summary, audio")) return;
  const keys = {
    " ": toggle,
    n: () => choose(current + 1, true),
    p: () => choose(current - 1, true),
    ArrowLeft: () => (audio.currentTime = Math.max(from(), audio.currentTime - 3)),
    ArrowRight: () => (audio.currentTime += 3),
  };
  if (!keys[key] || (!box && (key === "n" || key === "p"))) return;
  event.preventDefault();
  keys[key]();
});

if (box) {
  part("play").addEventListener("click", toggle);
  part("next").addEventListener("click", () => choose(current + 1, true));
  part("previous").addEventListener("click", () => choose(current - 1, true));
  choose(Math.max(0, items.findIndex((item) => `#${item.id}` === location.hash)), false);
}
