// The buttons of "Recent tags" and "All tags" follow the chips, whoever changed them.

import { chipsIn, keyOf, nameOf } from "./chips.js";
import { onArrival } from "./walk.js";
import { base, imageNumber } from "./workbench.js";

export const recentTags = () => document.querySelector("ul.toggles");
export const allTags = () => document.querySelector("ul.all-tags");
export const togglesIn = root => [...(root?.querySelectorAll("button[data-name]") ?? [])];
export const keyOfToggle = toggle => keyOf(toggle.dataset.name);
export const chipsHere = () => chipsIn(document.getElementById(`image-${imageNumber()}-tags`));

const drawn = new WeakMap(); // toggle → {uses, pressed} as the server drew it

export function follow() {
  const there = new Set(chipsHere().map(chip => keyOf(nameOf(chip))));
  for (const toggle of [...togglesIn(recentTags()), ...togglesIn(allTags())]) set(toggle, there.has(keyOfToggle(toggle)));
}

/** Pressed is what the chips say; the count is what the server said, and this image. */
function set(toggle, pressed) {
  const uses = toggle.querySelector(".uses");
  const was = toggle.getAttribute("aria-pressed") === "true";
  if (!drawn.has(toggle)) drawn.set(toggle, { uses: Number(uses?.textContent.replace(/\D/g, "")), pressed: was });
  const from = drawn.get(toggle);
  if (uses) uses.textContent = grouped(Math.max(0, from.uses + pressed - from.pressed));
  if (pressed === was) return;
  toggle.setAttribute("aria-pressed", String(pressed));
  toggle.setAttribute("formaction", `${base()}tags/${pressed ? `${toggle.dataset.tag ?? 0}/remove` : "add"}/`);
  if (pressed) for (const name of ["name", "value"]) toggle.removeAttribute(name);
  else Object.assign(toggle, { name: "names", value: toggle.dataset.name });
}

const grouped = count => String(count).replace(/\B(?=(\d{3})+$)/g, "\u202f"); // a thin space, as the server writes it

document.addEventListener("part:shown", ({ detail: { id } }) => id.endsWith("-tags") && follow());
onArrival(follow);
