// A line's role is chosen from a long list: it is filled in when the line is reached, so that a thousand lines stay light.
for (const kind of ["focusin", "pointerdown"]) document.addEventListener(kind, (event) => fill(event.target));
// When the preview comes anew, the list of the line that has the focus is short again.
new MutationObserver(() => fill(document.activeElement)).observe(document.querySelector("#main"), { childList: true, subtree: true });

function fill(select) {
  if (!select?.matches?.("select[data-roles]") || select.options.length > 1) return;
  const { value } = select;
  select.replaceChildren(document.querySelector("#roles").content.cloneNode(true));
  select.value = value;
}

// The two things that are done to most lines have a button of their own.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-role]");
  if (!button) return;
  const select = button.closest("tr").querySelector("select[data-roles]");
  fill(select);
  select.value = button.dataset.role;
  select.dispatchEvent(new Event("change", { bubbles: true }));
});
