// The parts of the page that change: swapped by id, never by an older one, without taking focus, scroll or a ticked box.

const newest = new Map(); // part id → {seq, html}: what the server said last, also of images not shown just now
const MOST_KEPT = 300;
const readers = []; // functions (part id, element): told what the server said, shown or not
const overlays = []; // functions (part id, element): lay what the server does not know yet over what it said
const waiting = new Map(); // part id → element: what came meanwhile
const guards = []; // functions (element): whether somebody is at something in it

export const seqOf = element => Number(element?.dataset.seq ?? 0);
export const overlay = lay => overlays.push(lay);
/** Call `read(id, element)` with every part as the server said it, of whatever age, shown or not. */
export const onSaid = read => readers.push(read);

/** The newest html of a part as the server said it, without anything laid over. */
export function serverPart(id) {
  const known = newest.get(id);
  return known ? parse(known.html) : null;
}

/** Show an element that came from the server; dropped when something newer is known. */
export function show(element) {
  const id = element.id;
  const seq = seqOf(element);
  for (const read of readers) read(id, element);
  if (seq < Math.max(newest.get(id)?.seq ?? 0, seqOf(document.getElementById(id)))) return;
  element.removeAttribute("hx-swap-oob");
  remember(id, seq, element.outerHTML);
  put(id, element);
}

/** Show every part in a piece of html; what is no part is given back. */
export function showAll(html) {
  const rest = [];
  for (const element of [...parse(html, true)]) {
    if (element.dataset.seq !== undefined && element.id) show(element);
    else rest.push(element);
  }
  return rest;
}

/** Lay what is under way over a part again, from what the server said last. */
export function refresh(id) {
  const element = serverPart(id);
  if (element) put(id, element);
}

/** Take a page that was just drawn: its parts are what the server said, unless newer ones are known. */
export function adopt(root = document, elements = root.querySelectorAll("[data-seq][id]")) {
  for (const element of elements) {
    const id = element.id;
    const known = newest.get(id);
    for (const read of readers) read(id, element);
    if (known && known.seq > seqOf(element)) put(id, parse(known.html));
    else {
      remember(id, seqOf(element), element.outerHTML);
      for (const lay of overlays) lay(id, element);
    }
  }
}

/** Parts that `isBusy(element)` says somebody is at wait, until `showWaiting` finds that they have left. */
export const guard = isBusy => guards.push(isBusy);
export function showWaiting() {
  for (const [id, element] of [...waiting]) put(id, element);
}
const mustWait = old => guards.some(isBusy => isBusy(old));

function put(id, element) {
  const old = document.getElementById(id);
  waiting.delete(id);
  if (!old) return;
  if (mustWait(old)) {
    waiting.set(id, element);
    return;
  }
  for (const lay of overlays) lay(id, element);
  if (old.isEqualNode(element)) return;
  const back = keep(old, element);
  old.replaceWith(element);
  back();
  document.dispatchEvent(new CustomEvent("part:shown", { detail: { id, element } }));
}

/** What a person has in hand in the old element, given back to the new one: ticked boxes, scroll, focus. */
function keep(old, fresh) {
  for (const box of old.querySelectorAll("input[type=checkbox][id]")) {
    const same = fresh.querySelector(`#${CSS.escape(box.id)}`);
    if (same) same.checked = box.checked;
  }
  const scrolls = [...old.querySelectorAll("*")].filter(one => one.scrollTop).map(one => [one.className, one.scrollTop]);
  const focus = old.contains(document.activeElement) ? pathTo(document.activeElement) : null;
  return () => {
    for (const [name, top] of scrolls) {
      const same = [...fresh.querySelectorAll("*")].find(one => one.className === name);
      if (same) same.scrollTop = top;
    }
    if (focus) find(fresh, focus)?.focus({ preventScroll: true });
  };
}

/** How to find the focused control again: by its id, or by its name among those of the same item. */
function pathTo(element) {
  return {
    id: element.id,
    presses: element.tagName === "BUTTON",
    label: element.getAttribute("aria-label"),
    name: element.getAttribute("name"),
    text: element.textContent,
    index: [...element.closest("[data-seq]").querySelectorAll("button, a, input, textarea")].indexOf(element),
  };
}

function find(root, { id, presses, label, name, text, index }) {
  const all = [...root.querySelectorAll("button, a, input, textarea")];
  return (id && all.find(one => one.id === id))
    || (label && all.find(one => one.getAttribute("aria-label") === label))
    || (!label && all.find(one => one.getAttribute("name") === name && one.textContent === text))
    // What a button was for is gone: the next Enter must not press what stands in its place.
    || (presses ? document.getElementById("tag-box") : all[Math.min(index, all.length - 1)]);
}

function remember(id, seq, html) {
  newest.delete(id);
  newest.set(id, { seq, html });
  if (newest.size > MOST_KEPT) newest.delete(newest.keys().next().value);
}

export function parse(html, all = false) {
  const template = document.createElement("template");
  template.innerHTML = html.trim();
  return all ? template.content.children : template.content.firstElementChild;
}
