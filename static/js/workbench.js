// What is where on the page of one image.

const root = document.documentElement;

export const workbench = () => document.querySelector(".panel[data-image]");
export const imageNumber = () => Number(workbench()?.dataset.image ?? 0);
export const base = () => workbench()?.dataset.url ?? "";
export const mayTag = () => root.dataset.role !== "viewer";

export const tagBox = () => document.getElementById("tag-box");
export const descriptionBox = () => document.querySelector("textarea[name=description]");
export const revisionBox = () => document.querySelector("#act [name=revision]");
export const listBox = () => document.querySelector("#set-list textarea");
export const listRevision = () => document.querySelector("#set-list [name=revision]");

/** The search and order that one came with, as an act's fields. */
export const walkFields = () => ({ q: field("q"), order: field("order") });
const field = name => document.querySelector(`#act [name=${name}]`)?.value ?? "";
