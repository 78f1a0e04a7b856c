// Choosing the stretch of a clip: ticked turns fill the seconds, seconds that are written win, the button plays them.
const form = document.querySelector("#clip-form");
const start = form.querySelector("#c-start");
const end = form.querySelector("#c-end");
const span = form.querySelector("[data-span]");
const listen = form.querySelector("[data-moment]");
const ticks = [...form.querySelectorAll("input[name=turn]")];
let last = null;

const clock = (time) => `${Math.floor(time / 60)}:${(time % 60).toFixed(1).padStart(4, "0")}`;

function seconds(text) {
  const parts = text.trim().replace("：", ":").split(":").map(Number);
  if (!text.trim() || parts.some(Number.isNaN)) return null;
  return parts.length > 1 ? parts[0] * 60 + parts[1] : parts[0];
}

function ticked() {
  const chosen = ticks.filter((tick) => tick.checked);
  if (!chosen.length) return;
  start.value = clock(Math.min(...chosen.map((tick) => Number(tick.dataset.start))));
  end.value = clock(Math.max(...chosen.map((tick) => Number(tick.dataset.end))));
  told();
}

function told() {
  const first = seconds(start.value);
  const until = seconds(end.value);
  const whole = first !== null && until !== null && until > first;
  listen.disabled = !whole;
  listen.dataset.from = first ?? 0;
  listen.dataset.to = until ?? 0;
  span.textContent = whole ? `${clock(first)}–${clock(until)} · ${Math.round(until - first)} s` : "";
}

// With shift held, all turns between the last one ticked and this one.
form.addEventListener("click", (event) => {
  const tick = event.target.closest("input[name=turn]");
  if (!tick) return;
  const here = ticks.indexOf(tick);
  if (event.shiftKey && last !== null) {
    for (let number = Math.min(last, here); number <= Math.max(last, here); number++) ticks[number].checked = tick.checked;
  }
  last = here;
  ticked();
});
for (const field of [start, end]) field.addEventListener("input", told);
if (start.value) told();
else ticked();
told();
form.querySelector("input[name=turn]:checked")?.scrollIntoView({ block: "center" });
