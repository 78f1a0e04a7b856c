// Search in the transcript of a call: lines without the words are put away.
document.querySelector("[data-find]")?.addEventListener("input", (event) => {
  const wanted = event.target.value.trim().toLowerCase();
  for (const turn of document.querySelectorAll(".turn")) {
    const words = turn.querySelector(".words").textContent.toLowerCase();
    turn.closest("li").hidden = wanted !== "" && !words.includes(wanted);
  }
});
