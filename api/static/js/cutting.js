// From the call page to cutting a clip, at the place that is playing. Key c.
const link = document.querySelector("[data-cut]");
const audio = document.querySelector("#audio");

function go(event) {
  event.preventDefault();
  const at = audio?.currentTime ?? 0;
  location.href = at > 0 ? `${link.getAttribute("href")}?start=${at.toFixed(1)}` : link.getAttribute("href");
}

link?.addEventListener("click", go);
document.addEventListener("assist:key", (event) => {
  if (event.detail.key === "c" && link) go(event);
});
