/*! kist: tells how well chosen colours can be read, as the server does when the
    form is sent. MIT OR Apache-2.0 */
// Source: WCAG 2.2, relative luminance and contrast ratio.
const list = document.getElementById("contrasts");

const typed = (name) => document.getElementById(name).value.trim();
const isColour = (text) => /^#?[0-9a-f]{6}$/i.test(text);
const colour = (name, usual) => (isColour(typed(name)) ? typed(name).replace("#", "") : usual);
const linear = (part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
const luminance = (digits) => [0.2126, 0.7152, 0.0722].reduce((sum, weight, at) =>
  sum + weight * linear(parseInt(digits.slice(2 * at, 2 * at + 2), 16) / 255), 0);

const tell = () => {
  for (const item of list.children) {
    const { one, usualOne, other, usualOther } = item.dataset;
    const pair = [luminance(colour(one, usualOne)), luminance(colour(other, usualOther))];
    const ratio = (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05);
    const verdict = ratio >= 4.5 ? "good" : ratio >= 3 ? "large" : "poor";
    // Cut, not rounded: 4.49 is not 4.5.
    const shown = (Math.floor(ratio * 10) / 10).toFixed(1);
    const unread = [one, other].map(typed).find((text) => text && !isColour(text));
    item.lastElementChild.textContent = unread
      ? list.dataset.unread.replace("{colour}", () => unread)
      : list.dataset[verdict].replace("{ratio}", shown);
  }
};
document.querySelector(".colours").addEventListener("input", tell);
