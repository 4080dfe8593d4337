// Who else is where: their faces on the cards, and beside the picture that both look at.

import { overlay } from "./parts.js";

const CARD = /^image-(\d+)-card$/;

/** Everybody else who is at an image or has claimed it, as the list of people here says. */
function others(number) {
  const people = [...document.querySelectorAll("#page [data-person]")];
  return people.filter(({ dataset }) => dataset.person !== document.documentElement.dataset.me && [dataset.image, dataset.claim].includes(number));
}

const words = ({ dataset }, number) => (dataset.image === number ? "is here" : "has this image");

function element(name, className, ...content) {
  const made = document.createElement(name);
  made.className = className;
  made.append(...content);
  return made;
}

function face(person, ...content) {
  const made = element("span", person.className, element("span", "", person.firstElementChild.textContent), ...content);
  made.firstChild.setAttribute("aria-hidden", "true");
  return made;
}

function onCard(person, number) {
  const text = `${person.dataset.name} ${words(person, number)}`;
  const made = face(person, element("span", "hidden-text", text));
  made.title = text;
  return made;
}

function layOver(card, number) {
  card.querySelector(".faces")?.remove();
  const people = others(number);
  if (people.length) card.append(element("span", "faces", ...people.map(person => onCard(person, number))));
}

overlay((id, part) => {
  const [, number] = id.match(CARD) ?? [];
  if (number) layOver(part, number);
});

/** Beside the picture. The page comes with it; here it follows, and only when it changes, since it is read out. */
function showCompany() {
  const place = document.querySelector(".company");
  if (!place) return;
  const number = document.querySelector(".panel[data-image]").dataset.image;
  const lines = others(number).map(person => element("span", "", face(person), element("bdi", "", person.dataset.name), ` ${words(person, number)}`));
  const fresh = element("p", "company", ...lines);
  if (fresh.textContent !== place.textContent.trim()) place.replaceChildren(...lines);
}

document.addEventListener("part:shown", ({ detail: { id } }) => {
  if (!/^dataset-\d+-people$/.test(id)) return;
  for (const card of document.querySelectorAll("[id^=image-][id$=-card]")) layOver(card, card.id.match(CARD)[1]);
  showCompany();
});
