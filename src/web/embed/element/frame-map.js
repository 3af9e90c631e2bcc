/*! kist, inside a frame: a button for the movable map. MIT OR Apache-2.0 */
// The list of the frame says it all. Nothing of the map is loaded before
// somebody presses the button.

const TEXTS = {
  en: "Show a movable map", gd: "Seall mapa gluasadach", sco: "Shaw a map that ye can muive",
};
const FAILED = {
  en: "This map can’t be shown just now.", gd: "Cha ghabh am mapa seo shealltainn an-dràsta.",
  sco: "This map canna be shawn the noo.",
};
const language = document.documentElement.lang in TEXTS ? document.documentElement.lang : "en";
const place = document.getElementById("map");

// An element with attributes and children. No HTML is ever read from a text.
const make = (name, attributes = {}, ...children) => {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value) node.setAttribute(key, value);
  }
  node.append(...children.filter(Boolean));
  return node;
};
// An identity leads to its page, in the language of the frame.
const suffix = language === "en" ? "" : "?lang=" + language;
const link = ({ id, properties }) => make("a", { href: id + suffix }, properties.name ?? "–");

const button = make("button", { type: "button" }, TEXTS[language]);
const status = make("p", { role: "status" });
button.addEventListener("click", async () => {
  button.disabled = true;
  try {
    const ask = fetch(place.dataset.list, { credentials: "omit" });
    const [{ open }, answer] = await Promise.all([import("./map.js"), ask]);
    if (!answer.ok) throw new Error("HTTP " + answer.status);
    const { features, centre } = await answer.json();
    const numbered = features.map((feature, index) => ({ feature, number: index + 1 }));
    const chart = await open(document, place, { language, make, link });
    chart.show(numbered.filter(({ feature }) => feature.geometry), centre);
    chart.focus();
  } catch {
    button.disabled = false;
    status.textContent = FAILED[language];
  }
});
place.append(button, status);
