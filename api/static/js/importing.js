// A line's role is chosen from a long list: it is filled in when the line is reached, so that a thousand lines stay light.
for (const kind of ["focusin", "pointerdown"]) document.addEventListener(kind, (event) => fill(event.target.closest?.("select[data-roles]")));

function fill(select) {
  if (!select || select.options.length > 1) return;
  const { value } = select;
  select.replaceChildren(document.querySelector("#roles").content.cloneNode(true));
  select.value = value;
}
