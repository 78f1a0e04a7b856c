// Keys that work on every page, and small habits of forms. Modules that know more listen to the `assist:key` event.
const TYPING = "input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]";

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest(TYPING)) return;
  if (document.querySelector("dialog[open]") && event.key !== "?") return;
  if (act(event.key, event)) event.preventDefault();
});

function act(key, event) {
  if (key === "?") return toggleHelp();
  if (key === "/") return focusFind();
  const asked = new CustomEvent("assist:key", { cancelable: true, detail: { key, target: event.target } });
  if (!document.dispatchEvent(asked)) return true;
  if (key === "j" || key === "k") return moveInList(key === "j" ? 1 : -1);
  return false;
}

function toggleHelp() {
  const help = document.querySelector("#keys");
  if (!help) return false;
  if (help.open) help.close();
  else help.showModal();
  return true;
}

function focusFind() {
  const field = document.querySelector("[data-find]");
  field?.focus();
  return Boolean(field);
}

function moveInList(step) {
  const links = [...document.querySelectorAll("[data-list] .call-link, [data-list] .row-link")];
  if (!links.length) return false;
  const here = links.indexOf(document.activeElement);
  const next = links[Math.min(links.length - 1, Math.max(0, here + step))];
  next.focus();
  next.scrollIntoView({ block: "nearest" });
  return true;
}

// Filters act as soon as something is chosen; the button remains for those without a script.
for (const form of document.querySelectorAll("form[data-auto]")) {
  form.addEventListener("change", () => form.requestSubmit());
  form.addEventListener("submit", () => {
    for (const field of form.elements) if (field.name && !field.value) field.disabled = true;
  });
}

// On a narrow screen the list comes before its filters.
for (const box of document.querySelectorAll("[data-narrow-closed]")) {
  if (matchMedia("(max-width: 48rem)").matches && !("used" in box.dataset)) box.open = false;
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});

// Messages leave by themselves, slowly enough to be read.
const toasts = document.querySelector("#toasts");
if (toasts) {
  new MutationObserver((changes) => {
    for (const change of changes) for (const node of change.addedNodes) setTimeout(() => node.remove?.(), 8000);
  }).observe(toasts, { childList: true });
}
