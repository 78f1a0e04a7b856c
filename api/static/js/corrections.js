// Correcting turns from the keyboard: `e` opens the turn that has the focus, else the one that plays.
const list = document.querySelector("[data-turns]");

document.addEventListener("assist:key", (event) => {
  const { key, target } = event.detail;
  if (key !== "e") return;
  const turn = target.closest?.(".turn") ?? list?.querySelector(".turn[aria-current]");
  const edit = turn?.closest("li").querySelector(".edit");
  if (!edit) return;
  event.preventDefault();
  edit.click();
});

list?.addEventListener("keydown", (event) => {
  const form = event.target.closest(".turn-correction form");
  if (!form) return;
  if (event.key === "Escape") form.querySelector("[data-cancel]")?.click();
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
});

// The form takes the focus when it opens; the turn has it back when it closes.
if (list) {
  new MutationObserver((changes) => {
    for (const change of changes) for (const node of change.addedNodes) if (node.matches?.(".turn-correction")) focus(node);
  }).observe(list, { childList: true, subtree: true });
}

function focus(box) {
  const field = box.querySelector("textarea");
  if (field) field.focus();
  else box.closest("li")?.querySelector(".turn").focus({ preventScroll: true });
}
