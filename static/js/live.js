// The page's socket: others' acts as they happen. Opened again for ever, with growing, random pauses.

import { forgetSignedOut, say, saySignedOut, showSocket } from "./messages.js";
import { parse, show } from "./parts.js";
import { tryNow } from "./sending.js";

const BEAT = 10000; // ms
const DEAF = 30000; // without an answer to a beat
const BEHIND = 1500; // a beat told of changes that no frame brought
const LONGEST_PAUSE = 30000;
const QUIET = 1000;
const SPREAD = 1500; // within so long all pages read themselves anew that are told to
const SLOW_CODES = new Set([4401, 4403, 4429]); // trying at once would change nothing
const MOST_SHOWN = 500;

const root = document.documentElement;
let socket = null;
let tries = 0;
let at = 0; // the change up to which everything shown is known
let heardAt = 0;
let reopening = 0;
let lastCode = 0; // why the socket closed
let behind = 0;
let newest = 0; // number of the newest frame of this socket
let crossing = 0; // frames up to this one may have crossed our word of what the page shows: they know nothing of it

const place = () => document.getElementById("page");

export function start() {
  if (!place()?.dataset.socket) return;
  at = Number(place().dataset.at);
  open();
  setInterval(beat, BEAT);
  addEventListener("pageshow", event => event.persisted && reread());
  addEventListener("online", hurry);
  addEventListener("focus", hurry); // back from signing in, perhaps
  addEventListener("offline", () => showSocket("offline"));
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && awake());
}

/** The page shows other images now, drawn at `seq`: the server is told, and sends what is newer. */
export function shown(seq) {
  at = Math.min(at || seq, seq);
  tell();
}

function open() {
  clearTimeout(reopening);
  const { protocol, host } = location;
  const kind = document.querySelector(".panel[data-image]") ? "workbench" : "grid";
  const mine = new WebSocket(`${protocol === "https:" ? "wss:" : "ws:"}//${host}${place().dataset.socket}?page=${kind}`);
  socket = mine;
  newest = crossing = 0;
  if (tries) showSocket("reconnecting");
  else if (root.dataset.socket !== "live") beginQuietly();
  mine.onopen = () => {
    heardAt = Date.now();
    tell();
    crossing = 0;
  };
  mine.onmessage = event => mine === socket && hear(JSON.parse(event.data));
  mine.onclose = event => mine === socket && closed(event.code);
}

/** A page that was just drawn is told nothing of its first moment, unless that lasts. */
function beginQuietly() {
  root.dataset.socket = "reconnecting";
  setTimeout(() => root.dataset.socket === "reconnecting" && showSocket("reconnecting"), QUIET);
}

function hear(message) {
  heardAt = Date.now();
  if (tries || root.dataset.socket !== "live") {
    tries = lastCode = 0;
    showSocket("live");
    forgetSignedOut();
    tryNow();
  }
  if (message.parts) {
    for (const html of Object.values(message.parts)) showOne(html);
    newest = message.n;
    if (newest > crossing) at = Math.max(at, message.seq);
    send({ ack: message.n });
  } else if (message.reread) setTimeout(reread, Math.random() * SPREAD);
  else if (message.bye) goodbye(message.bye);
  else if (message.seq > at) {
    clearTimeout(behind);
    behind = setTimeout(() => message.seq > at && tell(), BEHIND);
  }
}

/** One part that this page cannot show does not stop the others. */
function showOne(html) {
  try {
    show(parse(html));
  } catch (problem) {
    console.warn("a part could not be shown", problem);
  }
}

function goodbye(sentence) {
  showSocket("offline");
  say(sentence);
}

function closed(code) {
  if (code === 4401 || code === 4403) {
    showSocket("offline");
    if (code === 4401) saySignedOut();
    else if (code !== lastCode) say("You have no access to this dataset any more.", "error");
  } else showSocket(navigator.onLine ? "reconnecting" : "offline");
  lastCode = code;
  const most = Math.min(LONGEST_PAUSE, 500 * 2 ** tries++);
  const ms = SLOW_CODES.has(code) ? LONGEST_PAUSE : Math.random() * most;
  reopening = setTimeout(open, ms);
  if (code === 4003) reread(); // another role
}

/** The network seems to be back: no more waiting. */
function hurry() {
  if (socket?.readyState === WebSocket.CLOSED) open();
}

function beat() {
  if (socket?.readyState !== WebSocket.OPEN) return;
  if (Date.now() - heardAt > DEAF) replace();
  else send({ beat: 1 });
}

/** A dead socket would take minutes to close: it is left to that, and another one opened. */
function replace() {
  socket.close();
  tries++;
  open();
}

/** Out of sleep, a socket may be dead without knowing. */
function awake() {
  if (socket?.readyState !== WebSocket.OPEN) {
    hurry();
    return;
  }
  const before = heardAt;
  send({ beat: 1 });
  const asked = socket;
  setTimeout(() => heardAt === before && asked === socket && replace(), 3000);
}

function tell() {
  const numbers = [Number(document.querySelector(".panel[data-image]")?.dataset.image ?? 0)];
  for (const card of nearest([...document.querySelectorAll("[id^=image-][id$=-card]")])) numbers.push(Number(card.id.split("-")[1]));
  send({ at, shows: [...new Set(numbers)].filter(Boolean) });
  crossing = newest + 1;
}

/** Of many cards, as many as the socket follows: those in the window and around it. */
export function nearest(cards) {
  if (cards.length < MOST_SHOWN) return cards;
  const first = cards.findIndex(card => card.getBoundingClientRect().bottom > 0);
  const start = Math.min(Math.max(0, first - MOST_SHOWN / 4), cards.length - MOST_SHOWN + 1);
  return cards.slice(start, start + MOST_SHOWN - 1);
}

function send(message) {
  if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
}

/** Read the whole page again and show what is newer in it. */
async function reread() {
  try {
    const { href } = location;
    const url = new URL(href);
    if (place().dataset.pages > 1) url.searchParams.set("pages", place().dataset.pages); // a grid that has grown
    const response = await fetch(url, { credentials: "same-origin" });
    if (!response.ok || response.redirected) return; // signed out, or elsewhere: nothing of this page
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const fresh = page.getElementById("page");
    if (!fresh) return;
    for (const part of fresh.querySelectorAll("[data-seq][id]")) show(document.adoptNode(part));
    tellRole(page.documentElement.dataset.role);
    if (href === location.href) at = Math.max(at, Number(fresh.dataset.at) || 0); // else it read what is not shown any more
    tell();
  } catch {
    // the socket will be opened again, and then what is newer comes by itself
  }
}

/** What the page shows of boxes and buttons follows the role; what that takes away is said. */
function tellRole(role) {
  const before = root.dataset.role;
  root.dataset.role = role;
  if (role === before) return;
  if (role === "viewer") say("You may only look at this dataset now. What is not saved is kept in this page, and cannot be sent.", "error");
  else say(`You are ${role === "owner" ? "an" : "a"} ${role} of this dataset now.`);
}
