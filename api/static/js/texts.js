// Texts of the page in the reader's language, from its <script type="application/json" id="texts">.
const texts = JSON.parse(document.querySelector("#texts")?.textContent ?? "{}");

export const text = (key) => texts[key] ?? key;
