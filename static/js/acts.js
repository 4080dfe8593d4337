// The way an act travels: shown at once, sent one at a time in order, kept until the server has it.
//
// htmx is for reading. Its POSTs are not used: a part that is replaced while its request is under way loses the answer.

import { say, showSaved } from "./messages.js";
import { parse, refresh, showAll, showWaiting } from "./parts.js";
import { pause, send } from "./sending.js";

const queue = []; // acts that the server does not have yet, in order; the first may be under way
const listeners = []; // told when acts come or go
let sending = false;
let failed = false; // a try failed, and not all is on the server since

export const pending = image => queue.filter(act => act.image === image);
const isEmpty = () => queue.length === 0;

/** Call `listener` whenever an act comes or goes; what is given back ends that. */
export function onQueue(listener) {
  listeners.push(listener);
  return () => listeners.splice(listeners.indexOf(listener), 1);
}

/** Functions that say how many texts are not entered, and how many of them were refused. */
const texts = [];
const refusals = [];
const sumOf = counts => counts.reduce((sum, count) => sum + count(), 0);
export const countText = count => texts.push(count);
export const countRefused = count => refusals.push(count);
export const unsavedCount = () => queue.length + sumOf(texts);

/**
 * Take an act: {url, fields, image, parts, kind, ...}. `parts` are the ids of what it changes; overlays of other modules
 * read `kind` and its values to show it at once. `resolve()` says the address when it is sent, null when there is none.
 * `leaves` is set when it leads to another image. `done(html)` hears of it; `back({sentence, problem})` gives what was
 * typed back when it is refused, and `brings(other)` says whether another act is about what it was to bring.
 */
export function perform(act) {
  act.op = newOp();
  queue.push(act);
  changed(act);
  pump();
  return act;
}

/** Resolves when all acts are with the server, or after `ms`. */
export function settled(ms) {
  if (isEmpty()) return Promise.resolve(true);
  return new Promise(done => {
    const timer = setTimeout(() => end(false), ms);
    const forget = onQueue(() => isEmpty() && end(true));
    const end = all => {
      clearTimeout(timer);
      forget();
      done(all);
    };
  });
}

/** A UUID made at the moment of the act. `crypto.randomUUID` does not exist on plain http. */
function newOp() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map(byte => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

function changed(act) {
  for (const id of act.parts ?? []) refresh(id);
  showWaiting();
  tellState();
  for (const listener of [...listeners]) listener(act);
}

export function tellState() {
  const state = (failed && queue.length) || sumOf(refusals) ? "unsaved" : queue.length ? "saving" : "saved";
  showSaved(state, unsavedCount());
}

async function pump() {
  if (sending) return;
  sending = true;
  let tries = 0;
  while (queue.length) {
    const act = queue[0];
    const answer = await send(act);
    if (answer.final) {
      tries = 0;
      queue.shift();
      settle(act, answer);
    } else {
      failed = true;
      tellState();
      await pause(tries++, answer);
    }
  }
  sending = false;
}

/** What an answer brings is shown. Whatever is wrong with that, the acts behind it are sent. */
function settle(act, answer) {
  try {
    if (answer.ok) done(act, answer);
    else refused(act, answer);
  } catch (problem) {
    cannotShow(problem, answer);
  }
  if (!queue.length) failed = false;
  try {
    changed(act);
  } catch (problem) {
    cannotShow(problem, answer);
  }
}

function cannotShow(problem, { ok }) {
  console.error(problem);
  say(`${ok ? "What you did is saved" : "What you did was refused"}, but this page cannot show it: reload it.`, "error");
}

function done(act, { html, onward }) {
  const rest = showAll(html);
  tellMessages(rest);
  act.done?.(html);
  if (onward) document.dispatchEvent(new CustomEvent("act:onward", { detail: { act, url: onward } }));
}

/** A refusal is said, what was typed goes back to its box, and what hung on the act is not done either: acts on tags that
    never came to be, and, where a text is to be looked at again, leaving it. */
function refused(act, { html, sentence }) {
  const problem = parse(html);
  const why = problem?.querySelector?.("p")?.textContent ?? sentence ?? "This could not be done; nothing was changed.";
  const behind = queue.filter(one => one.image === act.image);
  const leaving = act.back ? behind.filter(one => one.leaves) : [];
  drop([...leaving, ...behind.filter(one => act.brings?.(one))]);
  say(leaving.length ? `${why} What you pressed is not done: press it again when this is settled.` : why, "error");
  act.back?.({ sentence: why, problem });
}

function drop(acts) {
  for (const act of acts) queue.splice(queue.indexOf(act), 1);
  for (const act of acts) changed(act);
}

function tellMessages(elements) {
  for (const element of elements) {
    if (element.id !== "messages") continue;
    const line = element.querySelector("p");
    say(line?.textContent, line?.className);
  }
}

addEventListener("beforeunload", event => {
  if (unsavedCount()) event.preventDefault();
});
