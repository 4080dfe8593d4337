// The tag box as a combobox over options that the server renders. Nothing is marked before an arrow key is pressed.

import Combobox from "../vendor/combobox-nav-3.0.2.js";
import { noSecondClick } from "./double.js";
import { addTags, keepGivenBack } from "./image_acts.js";
import { isLeaving, whenHere } from "./leaving.js";
import { saveTexts } from "./texts.js";
import { onArrival } from "./walk.js";
import { mayTag, tagBox } from "./workbench.js";

const PAUSE = 90; // ms without a letter, before the server is asked
const LAST_PIECE = /[^,，、،]*$/;
const ROOM = 160; // px that the list should have at least

let list = null;
let combobox = null;
let timer = 0;
let asking = null;

export const isOpen = () => Boolean(list) && !list.hidden;
const pieceOf = text => text.match(LAST_PIECE)[0].trim();

/** Add what stands in the box; on the way to another image it waits in the box and is added there. */
export function enter(text = tagBox().value) {
  if (isLeaving()) {
    put(`${text}, `);
    whenHere(enterWhatWaited);
    return;
  }
  addTags(text);
  put("");
  tagBox().focus({ preventScroll: true });
}

/** What is behind the last comma has been typed since, and is not entered yet. */
function enterWhatWaited() {
  const text = tagBox()?.value ?? "";
  const [since] = text.match(LAST_PIECE);
  if (since === text) return;
  enter(text.slice(0, text.length - since.length));
  put(since.trimStart());
}

/** Write into the box as if it were typed, so that all who listen know. */
function put(text) {
  const box = tagBox();
  box.value = text;
  box.dispatchEvent(new Event("input", { bubbles: true }));
}

/** Ask the server what goes on from the text. A late answer is dropped: other text, another image, or the box is left. */
export async function ask() {
  clearTimeout(timer);
  asking?.abort();
  const box = tagBox();
  const text = box.value;
  const piece = pieceOf(text);
  if (!piece) return;
  asking = new AbortController();
  let html = "";
  try {
    const address = `${box.dataset.suggest}?${new URLSearchParams({ q: piece })}`;
    const response = await fetch(address, { headers: { "HX-Request": "true" }, signal: asking.signal });
    if (!response.ok || response.redirected) return;
    html = await response.text();
  } catch {
    return; // no suggestions this time; what is typed can be entered all the same
  }
  if (box === tagBox() && box.value === text && box === document.activeElement) show(html);
}

function show(html) {
  list.innerHTML = html;
  if (!list.querySelector("[role=option]")) {
    close();
    return;
  }
  list.hidden = false;
  list.scrollTop = 0;
  combobox.start();
  place();
}

export function close() {
  clearTimeout(timer);
  asking?.abort();
  if (!isOpen()) return;
  combobox.stop();
  list.hidden = true;
  list.replaceChildren();
}

/** Under the box, or above it where there is more room; never over it, nor under a phone's keyboard. */
function place() {
  const view = visualViewport;
  const box = tagBox().getBoundingClientRect();
  const bar = document.querySelector(".bar")?.offsetHeight ?? 0;
  const above = box.top - view.offsetTop - bar;
  const below = view.offsetTop + view.height - box.bottom;
  const up = below < ROOM && above > below; // however long it is: it does not change sides as one types
  list.classList.toggle("above", up);
  list.style.maxHeight = `${Math.max(ROOM / 2, (up ? above : below) - 12)}px`;
}

/** The browser's own list gives way to ours. */
function furnish() {
  const box = tagBox();
  const old = box?.list;
  if (!old || !mayTag()) return;
  list = document.createElement("ul");
  list.id = old.id;
  list.className = "suggestions";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", old.getAttribute("aria-label"));
  box.removeAttribute("list");
  old.replaceWith(list);
  combobox = new Combobox(box, list, { tabInsertsSuggestions: false });
}

document.addEventListener("input", event => {
  if (event.target !== tagBox() || !list) return;
  clearTimeout(timer);
  if (pieceOf(event.target.value)) timer = setTimeout(ask, PAUSE);
  else close();
});
document.addEventListener("focusout", event => event.target === tagBox() && close());
document.addEventListener("combobox-commit", event => {
  const text = tagBox().value.replace(LAST_PIECE, "") + event.target.dataset.name;
  noSecondClick();
  enter(text);
});

// The list must not take the focus from the box.
document.addEventListener("mousedown", event => list?.contains(event.target) && event.preventDefault());

// A keyboard in the middle of a word (input methods) has its arrows and its Enter for itself.
document.addEventListener("keydown", event => {
  if (combobox) combobox.isComposing = event.isComposing || event.keyCode === 229;
}, true);

visualViewport?.addEventListener("resize", () => isOpen() && place());

// Letters typed while the next image is on its way go along to it; a description belongs to where it was typed.
let carried = "";
let atBox = false;
document.addEventListener("htmx:beforeSwap", ({ detail }) => detail.target?.id === "page" && detail.shouldSwap && leave());
document.addEventListener("htmx:historyCacheMissLoad", leave);

function leave() {
  keepGivenBack();
  carried = tagBox()?.value ?? "";
  atBox = document.activeElement === tagBox();
  if (mayTag()) saveTexts();
}

const onPhone = () => matchMedia("(hover: none) and (pointer: coarse)").matches;
let arrivedBefore = false;
onArrival(() => {
  furnish();
  const box = tagBox();
  if (!box || !mayTag()) return;
  if (carried) put(carried);
  carried = "";
  box.removeAttribute("autofocus"); // htmx would follow it later
  if (onPhone() && !atBox) box.blur(); // no keyboard unasked
  else if (arrivedBefore) box.focus({ preventScroll: true });
  if (arrivedBefore) box.setSelectionRange(box.value.length, box.value.length);
  arrivedBefore = true;
});
