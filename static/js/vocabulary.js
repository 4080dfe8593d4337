// "All tags": the server filters as one types, and draws the list again when the vocabulary has grown.

import { keyOf, nameOf } from "./chips.js";
import { allTags, chipsHere, follow, keyOfToggle, togglesIn } from "./toggles.js";
import { onArrival } from "./walk.js";
import { mayTag } from "./workbench.js";

const MOST = 100; // the server sends no more
const PAUSE = 120; // ms without a letter, or after a new tag

const filter = () => document.querySelector(".find input[type=search]");
const askedFor = new Set(); // keys of tags that were not in the list
let timer = 0;

function soon() {
  clearTimeout(timer);
  timer = setTimeout(read, PAUSE);
}

/** A late answer is dropped: another filter, or another image. */
async function read() {
  clearTimeout(timer);
  const list = allTags();
  const find = filter().value;
  let html = "";
  try {
    const address = `${list.dataset.url}?${new URLSearchParams({ find })}`;
    const response = await fetch(address, { headers: { "HX-Request": "true" } });
    if (!response.ok || response.redirected) return;
    html = await response.text();
  } catch {
    return; // the list stays as it is
  }
  if (list !== allTags() || filter().value !== find) return;
  if (list.matches(":active")) soon(); // a press is under way in it
  else replace(list, html);
}

function replace(list, html) {
  const pane = list.closest(".more");
  const scroll = pane.scrollTop;
  const focused = list.contains(document.activeElement) ? document.activeElement.dataset.name : null;
  list.innerHTML = html;
  togglesIn(list).find(toggle => toggle.dataset.name === focused)?.focus({ preventScroll: true });
  pane.scrollTop = scroll;
  follow();
}

/** Tags of this image that the list has room for and does not have. Each is asked for once. */
function lookForNew() {
  const shown = togglesIn(allTags());
  if (!filter() || !mayTag() || shown.length >= MOST) return;
  const known = new Set([...askedFor, ...shown.map(keyOfToggle)]);
  const find = keyOf(filter().value);
  const keys = chipsHere().filter(chip => chip.dataset.tag).map(chip => keyOf(nameOf(chip)));
  const fresh = keys.filter(key => key.includes(find) && !known.has(key));
  for (const key of fresh) askedFor.add(key);
  if (fresh.length) soon();
}

document.addEventListener("input", event => event.target === filter() && soon());
document.addEventListener("submit", event => {
  if (!event.target.matches(".find")) return;
  event.preventDefault();
  read();
});
document.addEventListener("part:shown", ({ detail: { id } }) => id.endsWith("-tags") && lookForNew());
onArrival(() => clearTimeout(timer));
