// Many files, one request each, two at a time, with the progress of each. Bytes go out as they are (no multipart), so
// neither side holds a file in memory. A manifest.csv among the files tells who, when and what.
import { text } from "./texts.js";

const AT_ONCE = 2;
const WATCHED = 40;
const PAUSE = 1500;
const form = document.querySelector("#upload");
const list = form.querySelector("[data-files]");
const drop = form.querySelector("[data-drop]");
const waiting = [];
let running = 0;
let done = 0;
let all = 0;
let watching = false;

form.addEventListener("submit", (event) => event.preventDefault());
form.querySelector("#files").addEventListener("change", (event) => {
  take([...event.target.files]);
  event.target.value = "";
});
for (const kind of ["dragenter", "dragover"]) {
  drop.addEventListener(kind, (event) => {
    event.preventDefault();
    drop.classList.add("over");
  });
}
for (const kind of ["dragleave", "drop"]) drop.addEventListener(kind, () => drop.classList.remove("over"));
drop.addEventListener("drop", async (event) => {
  event.preventDefault();
  take(await dropped(event.dataTransfer));
});
// A file that misses the field must not replace the page.
for (const kind of ["dragover", "drop"]) window.addEventListener(kind, (event) => event.preventDefault());
window.addEventListener("beforeunload", (event) => {
  if (running || waiting.length) event.preventDefault();
});

async function dropped(data) {
  const entries = [...data.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  if (!entries.some((entry) => entry.isDirectory)) return [...data.files];
  return (await Promise.all(entries.map(walk))).flat();
}

async function walk(entry) {
  if (entry.isFile) return new Promise((found) => entry.file((file) => found([file]), () => found([])));
  const reader = entry.createReader();
  const inside = [];
  for (;;) {
    const some = await new Promise((found) => reader.readEntries(found, () => found([])));
    if (!some.length) break;
    inside.push(...some);
  }
  return (await Promise.all(inside.filter((one) => !one.name.startsWith(".")).map(walk))).flat();
}

async function take(files) {
  const manifest = files.find((file) => file.name.toLowerCase().endsWith(".csv"));
  const recordings = files.filter((file) => file !== manifest);
  const details = await preview(recordings, manifest);
  if (!details) return;
  document.querySelector("#files-card").hidden = recordings.length + all === 0;
  for (const file of recordings) enqueue(row(file, details[file.name] ?? {}));
  summarise();
}

// Ask the server what file names and manifest tell, so that a mistake shows before anything is sent.
async function preview(files, manifest) {
  const shown = document.querySelector("#manifest-error");
  shown.hidden = true;
  const body = { names: files.map((file) => file.name), manifest: manifest ? await base64(manifest) : null };
  const answer = await fetch(form.dataset.preview, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  const told = await answer.json();
  if (answer.ok) return Object.fromEntries(told.files.map((file) => [file.name, file]));
  shown.textContent = told.error.message;
  shown.hidden = false;
  return null;
}

async function base64(file) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}

function row(file, details) {
  const item = document.querySelector("#file-row").content.firstElementChild.cloneNode(true);
  item.querySelector(".name").textContent = file.name;
  item.querySelector(".facts").textContent = details.facts ?? "";
  list.append(item);
  all += 1;
  return { file, details, item };
}

function enqueue(job) {
  if (job.file.size > Number(form.dataset.most)) {
    failed(job, text("big"), false);
    return;
  }
  say(job, text("queued"));
  waiting.push(job);
  next();
}

function next() {
  while (running < AT_ONCE && waiting.length) {
    running += 1;
    send(waiting.shift());
  }
}

function send(job) {
  const request = new XMLHttpRequest();
  const bar = document.createElement("progress");
  bar.max = 100;
  job.item.classList.remove("failed");
  say(job, text("uploading"), bar);
  request.upload.addEventListener("progress", (event) => {
    if (event.lengthComputable) bar.value = (100 * event.loaded) / event.total;
  });
  request.addEventListener("load", () => answered(job, request));
  request.addEventListener("error", () => failed(job, text("cut"), true));
  request.addEventListener("loadend", () => {
    running -= 1;
    next();
  });
  request.open("PUT", `${form.dataset.put}?${address(job)}`);
  request.setRequestHeader("Content-Type", "application/octet-stream");
  request.send(job.file);
}

// What the manifest says of a file goes before what is chosen for all.
function address(job) {
  const given = new URLSearchParams({ name: job.file.name });
  for (const key of ["agent", "campaign", "called_at", "direction", "customer"]) {
    const value = job.details.manifest?.[key] || form.elements[key]?.value;
    if (value) given.set(key, value);
  }
  return given;
}

function answered(job, request) {
  let told;
  try {
    told = JSON.parse(request.responseText);
  } catch {
    failed(job, text("cut"), true);
    return;
  }
  if (request.status === 429) later(job, told.error.message, Number(request.getResponseHeader("Retry-After")) || 60);
  else if (request.status >= 400) failed(job, told.error.message, request.status >= 500);
  else stored(job, told);
}

// There is no room just now: the file is sent again by itself, and nobody has to watch.
function later(job, why, seconds) {
  say(job, why);
  setTimeout(() => enqueue(job), seconds * 1000);
}

function stored(job, told) {
  done += 1;
  summarise();
  const open = document.createElement("a");
  open.className = "button tight";
  open.href = `/calls/${told.call.id}`;
  open.textContent = text("open");
  job.item.querySelector(".act").replaceChildren(open);
  if (!told.created) job.item.querySelector(".facts").textContent = text("known");
  const state = document.createElement("span");
  state.id = `state-${told.call.id}`;
  state.dataset.going = "";
  job.item.querySelector(".state").replaceChildren(state);
  watch();
}

// One question for all files that are being worked on, the oldest first: the rest wait in the queue anyway.
async function watch() {
  if (watching) return;
  watching = true;
  for (;;) {
    const going = [...list.querySelectorAll("[data-going]")].slice(0, WATCHED).map((one) => one.id.slice("state-".length));
    if (!going.length) break;
    const answer = await fetch(`/calls/states?ids=${going.join(",")}`, { headers: { "HX-Request": "true" } }).catch(() => null);
    if (answer?.ok && answer.status === 200) show(await answer.text());
    await new Promise((wake) => setTimeout(wake, PAUSE));
  }
  watching = false;
}

function show(fragment) {
  const told = new DOMParser().parseFromString(fragment, "text/html");
  for (const state of told.querySelectorAll("[data-state]")) document.getElementById(state.id)?.replaceWith(state);
}

function failed(job, why, again) {
  job.item.classList.add("failed");
  say(job, why);
  const place = job.item.querySelector(".act");
  place.replaceChildren();
  if (!again) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button tight";
  button.textContent = text("retry");
  button.addEventListener("click", () => {
    place.replaceChildren();
    enqueue(job);
  });
  place.append(button);
}

function say(job, words, ...more) {
  job.item.querySelector(".state").replaceChildren(words, ...more);
}

function summarise() {
  form.querySelector("[data-summary]").textContent = text("summary").replace("{done}", done).replace("{all}", all);
}
