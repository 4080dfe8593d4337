// How one act is sent, and what the answer means: done, refused, or to be tried again.

import { forgetSignedOut, saySignedOut } from "./messages.js";

const root = document.documentElement;
const STALL = 8000; // ms without an answer
const LONGEST_PAUSE = 15000;
const SMALL = 60000; // characters that a browser goes on sending when the page is closed
const REFUSALS = [400, 403, 404, 405, 409, 413, 422];

let token = "";
let tokensRefused = 0;
let wake = () => {};

/** Send an act: {final, ok, html, onward} when the server has decided, {final: false, ...} when it is to be sent again. */
export async function send(act) {
  const where = act.resolve ? act.resolve() : act.url;
  if (!where) return { final: true, ok: false, html: "", sentence: "That tag goes by another name here, or is gone. Nothing was changed." };
  const body = new URLSearchParams(act.fields ?? {});
  body.set("op", act.op);
  body.set("by", root.dataset.me);
  body.set("csrfmiddlewaretoken", token || pageToken());
  try {
    const response = await fetch(where, {
      method: "POST", body, redirect: "manual", credentials: "same-origin", keepalive: String(body).length < SMALL,
      headers: { "HX-Request": "true" }, signal: AbortSignal.timeout(STALL),
    });
    return await judge(response);
  } catch {
    return { final: false }; // reset, stalled or offline
  }
}

async function judge(response) {
  const { status } = response;
  const html = await response.text();
  const onward = response.headers.get("HX-Location");
  if (status === 200 || status === 204) {
    tokensRefused = 0;
    forgetSignedOut();
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
  if (REFUSALS.includes(status)) return { final: true, ok: false, html };
  return { final: false, after: Number(response.headers.get("Retry-After")) || 0 };
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

/** Back-off with jitter before the next try; the end of it can be brought about by `tryNow`. */
export function pause(tries, { soon, after = 0 }) {
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

/** Try again now: the network or the server seems to be back. */
export const tryNow = () => wake();

for (const name of ["online", "focus", "pageshow"]) addEventListener(name, tryNow);
