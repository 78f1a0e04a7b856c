// The call page: waveform around the <audio>, the transcript that follows it, everything that seeks.
import WaveSurfer from "../vendor/wavesurfer.js";
import "./finding.js";

const SKIP_OVER = 1.2; // seconds of silence that are worth skipping
const STEP = 3;

const box = document.querySelector("#player");
const audio = document.querySelector("#audio");
const seconds = Number(box.dataset.seconds);
const now = box.querySelector("[data-now]");
const turns = [...document.querySelectorAll(".turn")].map((element) => ({
  element,
  start: Number(element.dataset.start),
  end: Number(element.dataset.end),
  found: element.hasAttribute("data-finding") || element.querySelector("mark.fair, mark.poor") !== null,
}));
let current = null;
let wave = null;
let asked = null; // the second that the address names, until somebody plays or seeks

const clock = (time) => `${Math.floor(time / 60)}:${String(Math.floor(time % 60)).padStart(2, "0")}`;

// A pause before the sound began ends the promise of play(); what cannot be played tells by the error event.
const play = () => audio.play().catch(() => {});

function seek(time, thenPlay = false) {
  asked = null;
  audio.currentTime = Math.max(0, Math.min(time, seconds - 0.05));
  show();
  if (thenPlay) play();
}

function toggle() {
  if (audio.paused) play();
  else audio.pause();
}

function show() {
  const time = audio.currentTime;
  now.textContent = clock(time);
  const at = turns.findLast((turn) => turn.start <= time + 0.05) ?? null;
  if (at === current) return;
  current?.element.removeAttribute("aria-current");
  current = at;
  if (!at) return;
  at.element.setAttribute("aria-current", "true");
  if (pressed("follow") && !audio.paused) reveal(at.element);
}

// Keep the spoken line in sight, below the player that stays on top.
function reveal(element) {
  const place = element.getBoundingClientRect();
  const top = box.getBoundingClientRect().bottom + 12;
  if (place.top >= top && place.bottom <= window.innerHeight - 40) return;
  window.scrollBy({ top: place.top - top - 60, behavior: "smooth" });
}

function skipSilence() {
  if (!pressed("skip") || audio.paused) return;
  const time = audio.currentTime;
  if (turns.some((turn) => turn.start <= time && time < turn.end + 0.3)) return;
  const next = turns.find((turn) => turn.start > time);
  if (next && next.start - time > SKIP_OVER) audio.currentTime = next.start - 0.3;
}

const button = (name) => box.querySelector(`[data-${name}]`);
const pressed = (name) => button(name).getAttribute("aria-pressed") === "true";

function wireControls() {
  button("play").addEventListener("click", toggle);
  for (const name of ["skip", "follow"]) {
    const kept = localStorage.getItem(`assist.${name}`);
    if (kept) button(name).setAttribute("aria-pressed", kept);
    button(name).addEventListener("click", () => {
      const wanted = String(!pressed(name));
      button(name).setAttribute("aria-pressed", wanted);
      localStorage.setItem(`assist.${name}`, wanted);
    });
  }
  const speed = button("speed");
  speed.value = localStorage.getItem("assist.speed") ?? "1";
  if (!speed.value) speed.value = "1";
  audio.playbackRate = Number(speed.value);
  speed.addEventListener("change", () => {
    audio.playbackRate = Number(speed.value);
    localStorage.setItem("assist.speed", speed.value);
  });
}

function wireAudio() {
  const played = () => {
    box.classList.toggle("playing", !audio.paused);
    button("play").setAttribute("aria-pressed", String(!audio.paused));
  };
  for (const kind of ["play", "pause", "ended"]) audio.addEventListener(kind, played);
  for (const kind of ["timeupdate", "seeked"]) audio.addEventListener(kind, show);
  audio.addEventListener("timeupdate", skipSilence);
  audio.addEventListener("error", () => {
    box.querySelector("[data-unplayable]").hidden = false;
  });
}

function wireSeeking() {
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-seek]");
    const turn = event.target.closest(".turn");
    if (!link && !turn) return;
    const time = Number(link ? link.dataset.seek : turn.dataset.start);
    if (link) {
      event.preventDefault();
      history.replaceState(null, "", `#t=${time.toFixed(1)}`);
    }
    seek(time, true);
    if (link && current) reveal(current.element);
  });
  window.addEventListener("hashchange", fromAddress);
  for (const moment of ["loadedmetadata", "canplay"]) audio.addEventListener(moment, arrive);
  audio.addEventListener("play", () => (asked = null));
}

function fromAddress() {
  const told = /^#t=([\d.]+)/.exec(location.hash);
  if (!told) return;
  asked = Math.min(Number(told[1]), seconds - 0.05);
  arrive();
}

// Sound that is loaded anew, or cannot be sought in yet, stands at its beginning: said again until it is there.
function arrive() {
  if (asked === null || audio.readyState < 1 || Math.abs(audio.currentTime - asked) < 0.1) return;
  const wish = asked;
  seek(wish);
  asked = wish;
  if (current) reveal(current.element);
}

function wireKeys() {
  document.addEventListener("assist:key", (event) => {
    const { key, target } = event.detail;
    if (key === " " && target.closest("button, a, summary") && !target.closest(".turn")) return;
    const keys = {
      " ": toggle,
      ArrowLeft: () => seek(audio.currentTime - STEP),
      ArrowRight: () => seek(audio.currentTime + STEP),
      j: () => step(turns, 1),
      k: () => step(turns, -1),
      n: () => step(turns.filter((turn) => turn.found), 1),
      p: () => step(turns.filter((turn) => turn.found), -1),
    };
    if (!keys[key]) return;
    event.preventDefault();
    keys[key]();
  });
}

function step(among, way) {
  const time = audio.currentTime;
  const next = way > 0 ? among.find((turn) => turn.start > time + 0.1) : among.findLast((turn) => turn.start < time - 0.3);
  if (!next) return;
  seek(next.start);
  reveal(next.element);
}

// Score cards lead to their skill; what they lead to opens.
function wireSkills() {
  for (const card of document.querySelectorAll("a.score-card")) {
    card.addEventListener("click", (event) => {
      const skill = document.querySelector(card.hash);
      if (!skill) return;
      event.preventDefault();
      skill.open = true;
      const top = skill.getBoundingClientRect().top - box.getBoundingClientRect().height - 90;
      window.scrollBy({ top, behavior: "smooth" });
      skill.querySelector("summary").focus({ preventScroll: true });
    });
  }
}

// What is still to be played is paler. It is mixed and not transparent: the played part is painted over it and would
// keep its transparency.
function colour(speaker, share) {
  const ink = numbers(getComputedStyle(box.querySelector(`[data-lane=${speaker}]`)).color);
  const paper = numbers(getComputedStyle(box).backgroundColor);
  return `rgb(${ink.map((part, place) => Math.round(part * share + paper[place] * (1 - share))).join(" ")})`;
}

const numbers = (told) => told.match(/[\d.]+/g).slice(0, 3).map(Number);

function lane(speaker, upper, height) {
  return {
    waveColor: colour(speaker, 0.42),
    progressColor: colour(speaker, 1),
    height,
    barAlign: upper ? "bottom" : "top",
  };
}

async function drawWave() {
  const holder = box.querySelector("[data-wave]");
  const lanes = await (await fetch(box.dataset.peaks)).json();
  if (!lanes.agent.length) return;
  const height = holder.clientHeight / 2;
  const options = () => [lane("agent", true, height), lane("customer", false, height)];
  wave = WaveSurfer.create({
    container: holder,
    media: audio,
    peaks: [lanes.agent, lanes.customer],
    duration: seconds,
    cspNonce: box.dataset.nonce,
    barWidth: 2,
    barGap: 1.5,
    barRadius: 1,
    cursorColor: getComputedStyle(document.body).color,
    cursorWidth: 1.5,
    normalize: true,
    dragToSeek: true,
    hideScrollbar: true,
    splitChannels: options(),
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    wave.setOptions({ splitChannels: options(), cursorColor: getComputedStyle(document.body).color });
  });
}

wireControls();
wireAudio();
wireSeeking();
wireKeys();
wireSkills();
fromAddress();
show();
drawWave();
