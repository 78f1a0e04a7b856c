// Moving items of a list: by dragging the handle (mouse, pen, finger), or with the arrow keys. `assist:moved` tells the form.
import { text } from "./texts.js";

const form = () => document.querySelector("#draft");
let held = null;

document.addEventListener("pointerdown", (event) => {
  const handle = event.target.closest("[data-move]");
  if (!handle || event.button) return;
  held = { item: handle.closest("[data-item]"), handle, moved: false };
  handle.setPointerCapture(event.pointerId);
  event.preventDefault();
});

document.addEventListener("pointermove", (event) => {
  if (!held) return;
  held.item.classList.add("held");
  scrollNear(event.clientY);
  const under = document.elementFromPoint(event.clientX, event.clientY);
  if (under && place(held.item, under, event.clientY)) held.moved = true;
});

for (const kind of ["pointerup", "pointercancel"]) {
  document.addEventListener(kind, () => {
    if (!held) return;
    held.item.classList.remove("held");
    held.handle.focus({ preventScroll: true });
    if (held.moved) tell(held.item);
    held = null;
  });
}

// Before or after the item under the pointer; into a list that has none.
function place(item, under, y) {
  const kind = item.dataset.item;
  const list = under.closest(`[data-list-of="${kind}"]`);
  if (!list || item.contains(list) || list.dataset.field !== item.parentElement.dataset.field) return false;
  const other = under.closest(`[data-item="${kind}"]`);
  if (other === item) return false;
  if (!other) return list.children.length ? false : put(item, list, null);
  const box = other.getBoundingClientRect();
  const before = y < box.top + box.height / 2 ? other : other.nextElementSibling;
  if (before === item || before?.previousElementSibling === item) return false;
  return put(item, other.parentElement, before);
}

function put(item, list, before) {
  list.insertBefore(item, before);
  return true;
}

function scrollNear(y) {
  if (y < 90) window.scrollBy(0, -14);
  else if (y > window.innerHeight - 60) window.scrollBy(0, 14);
}

document.addEventListener("keydown", (event) => {
  const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  const onHandle = event.target.closest("[data-move]");
  if (!step || !(onHandle || event.altKey) || !form()?.contains(event.target)) return;
  const item = event.target.closest("[data-item]");
  if (!item) return;
  event.preventDefault();
  if (!shift(item, step)) return;
  event.target.focus();
  tell(item);
});

// One place on; past the end of its list into the next list of its kind.
function shift(item, step) {
  const beside = step < 0 ? item.previousElementSibling : item.nextElementSibling;
  if (beside) return put(item, item.parentElement, step < 0 ? beside : beside.nextElementSibling);
  if (item.dataset.item !== "point") return false;
  const lists = [...form().querySelectorAll('[data-list-of="point"]')];
  const next = lists[lists.indexOf(item.parentElement) + step];
  return next ? put(item, next, step < 0 ? null : next.firstElementChild) : false;
}

function tell(item) {
  const all = item.parentElement.children.length;
  const n = [...item.parentElement.children].indexOf(item) + 1;
  item.scrollIntoView({ block: "nearest" });
  item.dispatchEvent(new CustomEvent("assist:moved", { bubbles: true, detail: text("place").replace("%(n)s", n).replace("%(all)s", all) }));
}
