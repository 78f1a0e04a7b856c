// The draft editor: saves by itself with the revision it was loaded with, adds and removes, undoes, shows what the checks say.
import { text } from "./texts.js";

const PAUSE = 900;
const LOOK_PAUSE = 1500;
const LOOK_AGAIN = 1000;
const status = document.querySelector("#saved");
const collision = document.querySelector("#collision");
const undoButton = document.querySelector("[data-undo]");
const redoButton = document.querySelector("[data-redo]");
const steps = [revision()];
let at = 0;
let dirty = false;
let timer = 0;
let running = null;
let locked = false;
let composing = false;
let checked = [];
let confused = [];
let looking = 0;

const form = () => document.querySelector("#draft");
const address = (what) => `/drafts/${form().dataset.draft}/${what}`;

function revision() {
  return Number(document.querySelector("[data-revision]").value);
}

show(JSON.parse(document.querySelector("#problems").textContent));
look();
for (const kind of ["input", "change", "assist:moved"]) document.addEventListener(kind, (event) => inDraft(event) && changed(event.detail));
document.addEventListener("compositionstart", () => (composing = true));
document.addEventListener("compositionend", () => (composing = false));
// While both texts are put together nothing is typed into what will be replaced.
document.addEventListener("beforeinput", (event) => locked && inDraft(event) && event.preventDefault());
window.addEventListener("beforeunload", (event) => dirty && event.preventDefault());

window.addEventListener("hashchange", open);
open();

// An address that names an objection shows what is in it.
function open() {
  const item = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  item?.querySelector("details")?.setAttribute("open", "");
}

function inDraft(event) {
  return form().contains(event.target) && !event.target.matches("[data-kind-of-entry]");
}

function changed(note) {
  dirty = true;
  tell(typeof note === "string" ? note : text("unsaved"));
  clearTimeout(timer);
  timer = setTimeout(save, PAUSE);
}

function tell(message, wrong = false) {
  status.textContent = message;
  status.classList.toggle("poor", wrong);
}

async function save() {
  clearTimeout(timer);
  if (running) await running;
  if (!dirty || !collision.hidden) return;
  if (composing) return void (timer = setTimeout(save, PAUSE));
  running = send(address("autosave"), new URLSearchParams(new FormData(form()))).finally(() => (running = null));
  await running;
}

async function send(to, body) {
  dirty = false;
  tell(text("saving"));
  try {
    const answer = await fetch(to, { method: "POST", body });
    const told = await answer.json();
    if (answer.ok) return saved(told);
    dirty = true;
    if (told.conflict) return await together(told);
    tell(text("unsafe").replace("%(reason)s", told.message), true);
  } catch {
    dirty = true;
    tell(text("offline"), true);
    timer = setTimeout(save, 5000);
  }
}

function saved(told) {
  if (told.revision !== revision()) {
    steps.splice(at + 1, steps.length, told.revision);
    at = steps.length - 1;
  }
  settle(told);
}

function settle(told) {
  for (const field of document.querySelectorAll("[data-revision]")) field.value = told.revision;
  show(told.problems);
  tell(dirty ? text("unsaved") : text("saved"));
  buttons();
  look(LOOK_PAUSE);
}

// What will be confused takes the server a second or two: it is asked for once typing rests, and again until it is known.
function look(pause = 0) {
  clearTimeout(looking);
  looking = setTimeout(async () => {
    const note = form().querySelector("[data-looking]");
    note.textContent = text("looking");
    try {
      const answer = await fetch(address("overlaps"));
      if (answer.status === 202) return look(LOOK_AGAIN);
      const told = answer.ok ? await answer.json() : { problems: [] };
      note.textContent = answer.ok && !told.problems.some((one) => one.weight === "advice") ? text("clear") : "";
      if (answer.ok && told.revision !== revision()) return;
      confused = told.problems;
      show(checked);
    } catch {
      note.textContent = "";
    }
  }, pause);
}

// Somebody else saved meanwhile: put both together at once, or show both where they changed the same.
async function together(told) {
  locked = true;
  try {
    const body = new URLSearchParams(new FormData(form()));
    const answer = await fetch(address("autosave?merge=true"), { method: "POST", body });
    if (!answer.ok) return collide(told);
    dirty = false;
    await load();
    steps.splice(0, steps.length, revision());
    at = 0;
    buttons();
    tell(text("saved"));
    toast(text("merged"));
  } finally {
    locked = false;
  }
}

function toast(message) {
  const note = document.createElement("div");
  note.className = "toast";
  note.textContent = message;
  document.querySelector("#toasts").append(note);
}

function collide(told) {
  collision.querySelector("[data-text]").textContent = told.message;
  collision.hidden = false;
  tell(text("unsaved"), true);
}

// The form anew, with the focus and the open parts where they were.
async function load() {
  const answer = await fetch(`/drafts/${form().dataset.draft}`, { headers: { "HX-Request": "true" } });
  if (!answer.ok) return;
  const open = [...form().querySelectorAll("details[open]")].map((one) => one.closest("[data-key]").id);
  const focus = placeOf(document.activeElement);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  form().replaceWith(page.querySelector("#draft"));
  for (const id of open) document.getElementById(id)?.querySelector("details")?.setAttribute("open", "");
  if (focus) refocus(focus);
  show(JSON.parse(document.querySelector("#problems").textContent));
  look(LOOK_PAUSE);
}

function placeOf(field) {
  const item = field?.closest?.("#draft [data-key]");
  if (!item) return null;
  return { id: item.id, name: field.name, number: [...item.querySelectorAll(`[name="${field.name}"]`)].indexOf(field), start: field.selectionStart };
}

function refocus({ id, name, number, start }) {
  const field = document.getElementById(id)?.querySelectorAll(`[name="${name}"]`)[number];
  field?.focus({ preventScroll: true });
  if (field?.setSelectionRange && start !== null) field.setSelectionRange(start, start);
}

function buttons() {
  undoButton.disabled = at <= 0;
  redoButton.disabled = at >= steps.length - 1;
}

async function goTo(place) {
  if (dirty) await save();
  if (dirty || !(place in steps)) return;
  const body = new URLSearchParams({ to: steps[place], based_on: revision() });
  const answer = await fetch(address("undo"), { method: "POST", body });
  const told = await answer.json();
  if (!answer.ok) return tell(told.message, true);
  steps[place] = told.revision;
  at = place;
  await load();
  buttons();
  tell(text("saved"));
}

undoButton.addEventListener("click", async () => {
  if (dirty) await save();
  goTo(at - 1);
});
redoButton.addEventListener("click", () => goTo(at + 1));

document.addEventListener("click", async (event) => {
  const add = event.target.closest("[data-add]");
  if (add) return void added(add);
  const remove = event.target.closest("[data-remove]");
  if (remove) return void removed(remove.closest("[data-item]"));
  const link = event.target.closest("[data-after-saving]");
  if (link && dirty) {
    event.preventDefault();
    await save();
    if (!dirty) window.location.assign(link.href);
  }
});

document.addEventListener("submit", (event) => {
  if (event.target.id === "draft") dirty = false;
});

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key === "s") {
    event.preventDefault();
    dirty = true;
    save();
  }
  const wording = event.target.closest?.('[data-item="text"] textarea');
  if (wording && event.key === "Enter" && !event.isComposing && !event.shiftKey) {
    event.preventDefault();
    addText(wording.closest("[data-list-of]"), wording.closest("[data-item]"));
  }
  if (wording && event.key === "Backspace" && !wording.value && wording.closest("ul").children.length > 1) {
    event.preventDefault();
    const before = wording.closest("[data-item]").previousElementSibling ?? wording.closest("[data-item]").nextElementSibling;
    removed(wording.closest("[data-item]"));
    before.querySelector("textarea").focus();
  }
});

function added(button) {
  const kind = button.dataset.add;
  if (kind === "text") return addText(button.parentElement.querySelector("[data-list-of]"), null);
  const list = document.querySelector(button.dataset.into ?? null) ?? button.parentElement.querySelector(`[data-list-of="${kind}"]`);
  const item = document.querySelector(`#new-${kind}`).content.firstElementChild.cloneNode(true);
  list.append(item);
  name(item, kind);
  item.scrollIntoView({ block: "nearest" });
  (item.querySelector(".title") ?? item.querySelector("textarea")).focus();
  changed();
}

// A new item's own id, so that two people can add one each at the same moment.
function name(item, kind) {
  const field = item.querySelector(`input[type=hidden][name="${kind}"]`);
  if (!field) return;
  const kinds = document.querySelector("[data-kind-of-entry]");
  const known = kind === "entry" ? kinds.selectedOptions[0] : null;
  const prefix = { point: "point", entry: "objection", forbidden: "forbidden" }[kind];
  field.value = known?.value || `${prefix}-${Math.random().toString(36).slice(2, 7)}`;
  item.dataset.key = item.id = `${kind}:${field.value}`;
  if (known?.value) {
    item.querySelector(".title").value = known.textContent;
    known.remove();
  }
}

function addText(list, after) {
  const item = document.querySelector("#new-text").content.querySelector("[data-item]").cloneNode(true);
  const field = item.querySelector("textarea");
  field.name = list.dataset.field;
  field.setAttribute("aria-label", list.parentElement.querySelector(".label").textContent);
  list.insertBefore(item, after ? after.nextElementSibling : null);
  field.focus();
}

function removed(item) {
  const next = item.nextElementSibling ?? item.previousElementSibling ?? item.parentElement.parentElement;
  item.remove();
  (next.querySelector("input:not([type=hidden]), textarea") ?? next.querySelector("button"))?.focus({ preventScroll: true });
  changed(text("removed"));
}

// What the checks found, under the item and in the list beside.
function show(problems) {
  checked = problems;
  problems = [...checked, ...confused];
  number();
  for (const list of form().querySelectorAll("[data-problems]")) list.replaceChildren();
  const listed = problems.flatMap((problem) => {
    const item = form().querySelector(`[data-key="${CSS.escape(problem.key)}"]`);
    item?.querySelector("[data-problems]")?.append(line(problem, problem.text));
    if (problem.weight === "hint") return [];
    const link = document.createElement("a");
    link.href = `#${item?.id ?? ""}`;
    const title = item?.querySelector(".title")?.value;
    link.textContent = title ? `${title}: ${problem.text}` : problem.text;
    return [line(problem, link)];
  });
  form().querySelector("[data-problem-list]").replaceChildren(...listed);
  form().querySelector("[data-problem-count]").textContent = listed.length || "";
  form().querySelector("[data-no-problems]").hidden = listed.length > 0;
}

function line(problem, inside) {
  const item = document.createElement("li");
  item.className = { stops: "poor", hint: "hint" }[problem.weight] ?? "fair";
  item.append(inside);
  return item;
}

// Stages have no ids: the checks call them by their place.
function number() {
  const stages = [...form().querySelectorAll('[data-item="stage"]')];
  stages.forEach((stage, place) => (stage.dataset.key = stage.id = `stage:${place}`));
}
