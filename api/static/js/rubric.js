// The rubric's text saves by itself with the revision it was loaded with, undoes saved changes, and says why it is not saved.
import { text } from "./texts.js";

const PAUSE = 900;
const form = document.querySelector("#rubric-text");
const field = form.elements.source;
const status = document.querySelector("#saved");
const collision = document.querySelector("#collision");
const undoButton = document.querySelector("[data-undo]");
const redoButton = document.querySelector("[data-redo]");
const steps = [Number(form.elements.based_on.value)];
let at = 0;
let dirty = "unsaved" in form.dataset;
let timer = 0;
let running = null;

field.addEventListener("input", () => {
  dirty = true;
  tell(text("unsaved"));
  clearTimeout(timer);
  timer = setTimeout(save, PAUSE);
});
form.addEventListener("submit", () => (dirty = false));
window.addEventListener("beforeunload", (event) => dirty && event.preventDefault());
document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key === "s") {
    event.preventDefault();
    dirty = true;
    save();
  }
});
undoButton.addEventListener("click", () => goTo(-1));
redoButton.addEventListener("click", () => goTo(1));

function tell(message, wrong = false) {
  status.textContent = message;
  status.classList.toggle("poor", wrong);
}

async function save() {
  clearTimeout(timer);
  if (running) await running;
  if (!dirty || !collision.hidden) return;
  running = send("autosave", { source: field.value }).finally(() => (running = null));
  const told = await running;
  if (!told) return;
  if (told.revision !== steps[at]) {
    steps.splice(at + 1, steps.length, told.revision);
    at = steps.length - 1;
  }
  settle(told);
}

async function goTo(way) {
  if (dirty) await save();
  if (dirty || !(at + way in steps)) return;
  const told = await send("undo", { to: steps[at + way] });
  if (!told) return;
  at += way;
  steps[at] = told.revision;
  field.value = told.text;
  settle(told);
}

async function send(what, values) {
  dirty = false;
  tell(text("saving"));
  try {
    const body = new URLSearchParams({ based_on: form.elements.based_on.value, ...values });
    const answer = await fetch(`${form.getAttribute("action")}/${what}`, { method: "POST", body });
    const told = await answer.json();
    if (answer.ok) return told;
    dirty = what === "autosave";
    if (told.conflict) collide(told);
    else tell(text("unsafe").replace("%(reason)s", told.message), true);
  } catch {
    dirty = what === "autosave";
    tell(text("offline"), true);
    if (dirty) timer = setTimeout(save, 5000);
  }
  return null;
}

function settle(told) {
  form.elements.based_on.value = told.revision;
  for (const one of document.querySelectorAll("[data-revision]")) one.value = told.revision;
  tell(dirty ? text("unsaved") : text("saved"));
  undoButton.disabled = at <= 0;
  redoButton.disabled = at >= steps.length - 1;
}

function collide(told) {
  collision.querySelector("[data-text]").textContent = told.message;
  collision.hidden = false;
  tell(text("unsaved"), true);
}
