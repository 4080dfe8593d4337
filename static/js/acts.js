// The way an act travels: shown at once, sent one at a time in order, kept until the server has it.
//
// htmx is for reading. Its POSTs are not used: a part that is replaced while its request is under way loses the answer.

import { say, sayWithLink, showSaved } from "./messages.js";
import { parse, refresh, showAll, showWaiting } from "./parts.js";

const root = document.documentElement;
const STALL = 8000; // ms without an answer
const LONGEST_PAUSE = 15000;

const queue = []; // acts that the server does not have yet, in order; the first may be under way
const listeners = []; // told when acts come or go
let sending = false;
let failed = false; // a try failed, and not all is on the server since
let token = "";
let tokensRefused = 0;
let wake = () => {};

export const pending = image => queue.filter(act => act.image === image);
export const isEmpty = () => queue.length === 0;

/** Call `listener` whenever an act comes or goes; what is given back ends that. */
export function onQueue(listener) {
  listeners.push(listener);
  return () => listeners.splice(listeners.indexOf(listener), 1);
}

/** Texts that stand in boxes and are not entered: functions that say how many. */
const texts = [];
export const countText = count => texts.push(count);
export const unsavedCount = () => queue.length + texts.reduce((sum, count) => sum + count(), 0);

/**
 * Take an act: {url, fields, image, parts, kind, ...}. `parts` are the ids of what it changes; `lay` functions of other
 * modules read `kind` and its values to show it at once. `back(html, status)` gives what was typed back when refused.
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

/** Try again now: the network or the server seems to be back. */
export const tryNow = () => wake();

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
  const state = failed && queue.length ? "unsaved" : queue.length ? "saving" : "saved";
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
      if (!queue.length) failed = false;
      if (answer.ok) await done(act, answer);
      else refused(act, answer);
      changed(act);
    } else {
      failed = true;
      tellState();
      await pause(tries++, answer);
    }
  }
  sending = false;
}

async function send(act) {
  const where = act.resolve ? act.resolve() : act.url;
  if (!where) return { final: true, ok: true, html: "" }; // what it was about is gone already
  const body = new URLSearchParams(act.fields ?? {});
  body.set("op", act.op);
  body.set("by", root.dataset.me);
  body.set("csrfmiddlewaretoken", token || pageToken());
  try {
    const response = await fetch(where, {
      method: "POST", body, redirect: "manual", credentials: "same-origin",
      headers: { "HX-Request": "true" }, signal: AbortSignal.timeout(STALL),
    });
    return await judge(response);
  } catch {
    return { final: false }; // reset, stalled or offline
  }
}

/** What an answer means: final (done or refused), or to be tried again. */
async function judge(response) {
  const { status } = response;
  const html = await response.text();
  const onward = response.headers.get("HX-Location");
  if (status === 200 || status === 204) {
    tokensRefused = 0;
    return { final: true, ok: true, html, onward };
  }
  if (status === 403 && response.headers.has("X-Form-Token") && tokensRefused < 2) {
    token = await freshToken(); // signed in again in another tab: the page's own token is from before
    if (token) tokensRefused++;
    else saySignedOut();
    return { final: false, soon: Boolean(token) };
  }
  if (status === 401 || response.type === "opaqueredirect") {
    saySignedOut(status === 401 ? html : undefined);
    return { final: false };
  }
  if ([400, 403, 404, 405, 409, 413, 422].includes(status)) return { final: true, ok: false, status, html };
  return { final: false, after: Number(response.headers.get("Retry-After")) || 0 };
}

export function saySignedOut(sentence = "You are signed out. What you did is kept in this page.") {
  const next = encodeURIComponent(location.pathname + location.search);
  sayWithLink(sentence, "Sign in", `/login/?next=${next}`);
}

async function done(act, { html, onward }) {
  const rest = showAll(html);
  tellMessages(rest);
  act.done?.(html);
  if (onward) document.dispatchEvent(new CustomEvent("act:onward", { detail: { act, url: onward } }));
}

function refused(act, { html, status }) {
  const problem = parse(html);
  const sentence = problem?.querySelector?.("p")?.textContent ?? "This could not be done; nothing was changed.";
  say(sentence, "error");
  act.back?.({ sentence, status, problem });
}

function tellMessages(elements) {
  for (const element of elements) {
    if (element.id !== "messages") continue;
    const line = element.querySelector("p");
    say(line?.textContent, line?.className);
  }
}

function pageToken() {
  return document.querySelector("#act [name=csrfmiddlewaretoken], [name=csrfmiddlewaretoken]")?.value ?? "";
}

async function freshToken() {
  try {
    const response = await fetch(location.href, { credentials: "same-origin", redirect: "manual" });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    return page.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
  } catch {
    return "";
  }
}

/** Back-off with jitter; the end of it can be brought about by `tryNow`. */
function pause(tries, { soon, after }) {
  if (soon) return Promise.resolve();
  const most = Math.min(LONGEST_PAUSE, 500 * 2 ** tries);
  const ms = Math.max(after * 1000, most / 2 + Math.random() * most / 2);
  return new Promise(go => {
    const timer = setTimeout(go, ms);
    wake = () => {
      clearTimeout(timer);
      go();
    };
  });
}

addEventListener("online", tryNow);
addEventListener("focus", tryNow);
addEventListener("pageshow", tryNow);
addEventListener("beforeunload", event => {
  if (unsavedCount()) event.preventDefault();
});
