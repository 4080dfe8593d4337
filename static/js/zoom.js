// The picture from near: by wheel, drag, pinch, double click and keys. How near and where stays from picture to picture.

import { onArrival } from "./walk.js";

const STEP = 1.25; // of a button
const NEAREST = 16; // screen pixels for one of the picture
const STRETCH = 1.01; // what a rendition may be stretched by before the whole file is fetched

let view = null; // {scale, x, y}: CSS pixels for one of the picture's, and its point in the middle (0 to 1); null: fit
let figure = null;
let picture = null;
const fingers = new Map(); // pointers that are down: id → place
let pinch = null; // {span, scale} when the second one came down

const full = () => 1 / devicePixelRatio; // 100 %: one pixel of the picture is one of the screen
const clamp = (value, low, high) => Math.min(Math.max(value, low), high);
const place = (room, length, at) => (length <= room ? (room - length) / 2 : clamp(room / 2 - at * length, room - length, 0));

/** Sizes now: `fit` is the scale at which the whole picture is seen. The picture's size is the page's word: a rendition may be smaller. */
function measure() {
  const [width, height] = ["width", "height"].map(name => Number(picture.getAttribute(name)));
  const [across, down] = [figure.clientWidth, figure.clientHeight];
  return { width, height, across, down, fit: Math.min(across / width, down / height) };
}

/** Where the picture lies in its frame: it never leaves it, and what is smaller is in the middle. */
function lie(sizes) {
  const { width, height, across, down, fit } = sizes;
  const scale = view ? clamp(view.scale, Math.min(fit, full()), Math.max(fit, NEAREST * full())) : fit;
  return { scale, left: place(across, width * scale, view?.x ?? 0.5), top: place(down, height * scale, view?.y ?? 0.5) };
}

export const isZoomed = () => Boolean(figure?.classList.contains("zoomed"));

function fit() {
  view = null;
  draw();
}

/** 100 % and back. `at` is the point of the frame that stays under the pointer. */
function toggleZoom(at) {
  if (!figure) return;
  if (isZoomed()) fit();
  else zoomTo(Math.abs(full() / measure().fit - 1) < 0.01 ? 2 * full() : full(), at);
}

function zoomBy(factor, at) {
  if (figure) zoomTo(lie(measure()).scale * factor, at);
}

function zoomTo(wanted, at) {
  const sizes = measure();
  const { width, height, across, down, fit: fitting } = sizes;
  const before = lie(sizes);
  const [x, y] = at ?? [across / 2, down / 2];
  const passes = (before.scale - fitting) * (wanted - fitting) < 0; // on the way it fits: a stop
  const scale = passes ? fitting : clamp(wanted, Math.min(fitting, full()), Math.max(fitting, NEAREST * full()));
  const keep = (point, from, length, room) => (room / 2 - point + ((point - from) * scale) / before.scale) / (length * scale);
  const isFit = Math.abs(scale / fitting - 1) < 0.005;
  view = isFit ? null : { scale, x: keep(x, before.left, width, across), y: keep(y, before.top, height, down) };
  draw();
}

function pan(right, downwards) {
  const sizes = measure();
  const { scale, left, top } = lie(sizes);
  const middle = (from, length, room, at) => (length <= room ? at : (room / 2 - clamp(from, room - length, 0)) / length);
  view = {
    scale,
    x: middle(left + right, sizes.width * scale, sizes.across, view.x),
    y: middle(top + downwards, sizes.height * scale, sizes.down, view.y),
  };
  draw();
}

function draw() {
  if (!figure) return;
  const sizes = measure();
  const { scale, left, top } = lie(sizes);
  const { width, height, across, down, fit: fitting } = sizes;
  const zoomed = Math.abs(scale / fitting - 1) >= 0.005;
  figure.classList.toggle("zoomed", zoomed);
  const [x, y] = [(across - width * fitting) / 2, (down - height * fitting) / 2];
  Object.assign(picture.style, zoomed
    ? { inset: `${y}px auto auto ${x}px`, width: `${width * fitting}px`, height: `${height * fitting}px`, transform: `translate(${left - x}px, ${top - y}px) scale(${scale / fitting})` }
    : { inset: "", width: "", height: "", transform: "" });
  document.querySelector(".zoom .percent")?.replaceChildren(`${Math.round(scale * devicePixelRatio * 100)} %`);
  if (zoomed) sharpen(scale * devicePixelRatio * width);
}

/** Nearer than the rendition has pixels for, the whole file is shown: decoded first, so that nothing blinks. */
async function sharpen(wanted) {
  const [shown, width] = [picture, Number(picture.getAttribute("width"))];
  if (!shown.naturalWidth || shown.naturalWidth >= width || wanted <= shown.naturalWidth * STRETCH || "whole" in shown.dataset) return;
  shown.dataset.whole = "";
  const whole = new Image();
  whole.src = shown.src.replace("/screen/", "/file/");
  try {
    await whole.decode();
    shown.decoding = "sync";
    shown.src = whole.src;
  } catch {
    delete shown.dataset.whole; // not now: the next zoom tries again
  }
}

function inFrame({ clientX, clientY }) {
  const { left, top } = figure.getBoundingClientRect();
  return [clientX - left - figure.clientLeft, clientY - top - figure.clientTop];
}

const pair = () => [...fingers.values()];
const span = ([[x1, y1], [x2, y2]]) => Math.max(1, Math.hypot(x1 - x2, y1 - y2));
const between = ([[x1, y1], [x2, y2]]) => [(x1 + x2) / 2, (y1 + y2) / 2];

const hands = {
  wheel(event) {
    event.preventDefault();
    const pixels = event.deltaY * [1, 33, 400][event.deltaMode];
    zoomBy(2 ** (-clamp(pixels, -240, 240) / (event.ctrlKey ? 80 : 240)), inFrame(event)); // ctrl: fingers on a touchpad
  },
  dblclick: event => toggleZoom(inFrame(event)),
  dragstart: event => event.preventDefault(),
  pointerdown(event) {
    if (event.button) return;
    fingers.set(event.pointerId, inFrame(event));
    figure.setPointerCapture(event.pointerId);
    pinch = fingers.size === 2 ? { span: span(pair()), scale: lie(measure()).scale } : null;
  },
  pointermove(event) {
    const from = fingers.get(event.pointerId);
    if (!from) return;
    const before = pinch && between(pair());
    const to = inFrame(event);
    fingers.set(event.pointerId, to);
    if (pinch) {
      const middle = between(pair());
      zoomTo((pinch.scale * span(pair())) / pinch.span, middle);
      if (isZoomed()) pan(middle[0] - before[0], middle[1] - before[1]);
    } else if (isZoomed() && fingers.size === 1) pan(to[0] - from[0], to[1] - from[1]);
  },
  pointerup: lift,
  pointercancel: lift,
  // Two fingers are ours, where the page may be scrolled with one.
  touchmove: event => event.touches.length > 1 && event.cancelable && event.preventDefault(),
};

function lift(event) {
  fingers.delete(event.pointerId);
  pinch = null;
}

const resized = new ResizeObserver(draw);

onArrival(() => {
  resized.disconnect();
  fingers.clear();
  pinch = null;
  figure = document.querySelector(".stage figure");
  picture = figure?.querySelector("img") ?? null;
  if (!picture) return;
  for (const [name, does] of Object.entries(hands)) figure.addEventListener(name, does, { passive: false });
  picture.addEventListener("load", draw);
  resized.observe(figure); // draws too, when the page is laid out and before it is painted
});

const presses = { in: () => zoomBy(STEP), out: () => zoomBy(1 / STEP), toggle: () => toggleZoom(), fit };
document.addEventListener("click", event => presses[event.target.closest?.(".zoom button")?.value]?.());
