// Cards: a message with a layout, inputs and buttons, as plain Adaptive Cards 1.5.
//
// What these functions return is what the host gets, so anything else of the profile can stand
// beside it. Every input has a label and must be filled in unless it is `isRequired: false`.

/**
 * @typedef {object} Card
 * @property {"AdaptiveCard"} type
 * @property {string} version
 * @property {string} fallbackText What the message says wherever a card cannot be shown.
 * @property {object[]} body
 * @property {object[]} [actions]
 */

/**
 * Returns a card.
 *
 * @param {string} summary What the message says wherever the card cannot be shown.
 * @param {object[]} body What it shows, from top to bottom.
 * @param {object[]} [actions] The buttons at its foot.
 * @returns {Card}
 */
export function card(summary, body, actions = []) {
  const filled = actions.length > 0 ? { actions } : {};
  return { type: "AdaptiveCard", version: "1.5", fallbackText: summary, body, ...filled };
}

/** @param {string} text */
export function heading(text) {
  return { type: "TextBlock", text, wrap: true, style: "heading", size: "large", weight: "bolder" };
}

/**
 * Returns a paragraph; `looks` are properties of a TextBlock, like `{ size: "large" }`.
 *
 * @param {string} text
 * @param {object} [looks]
 */
export function text(text, looks = {}) {
  return { type: "TextBlock", text, wrap: true, ...looks };
}

/**
 * Returns pairs of a title and a value, one under the other.
 * @param {Record<string, string>} pairs
 */
export function facts(pairs) {
  const facts = Object.entries(pairs).map(([title, value]) => ({ title, value }));
  return { type: "FactSet", facts };
}

/**
 * Returns a picture of the package's assets.
 *
 * @param {string} name
 * @param {string} altText For who cannot see it.
 * @param {object} [looks]
 */
export function image(name, altText, looks = {}) {
  return { type: "Image", url: `asset:${name}`, altText, ...looks };
}

/**
 * @param {string} id
 * @param {string} label
 * @param {object} [more] Like `{ placeholder, maxLength, isMultiline, value }`.
 */
export function textInput(id, label, more = {}) {
  return { type: "Input.Text", id, label, isRequired: true, ...more };
}

/**
 * @param {string} id
 * @param {string} label
 * @param {object} [more] Like `{ min, max, value }`.
 */
export function numberInput(id, label, more = {}) {
  return { type: "Input.Number", id, label, isRequired: true, ...more };
}

/**
 * Returns a choice of what is offered.
 *
 * @param {string} id
 * @param {string} label
 * @param {Record<string, string>} offers The values the app gets, each with what people read.
 * @param {object} [more] Like `{ value, style: "expanded" }`.
 */
export function choiceInput(id, label, offers, more = {}) {
  const choices = Object.entries(offers).map(([value, title]) => ({ title, value }));
  return { type: "Input.ChoiceSet", id, label, isRequired: true, choices, ...more };
}

/**
 * Returns a button. The `id` is the only one of its name in the card; `data` never leaves the host
 * and comes back as `action.data`.
 *
 * @param {string} id
 * @param {string} title
 * @param {unknown} data
 * @param {object} [more] Like `{ style: "positive", associatedInputs: "none" }`.
 */
export function submit(id, title, data, more = {}) {
  return { type: "Action.Submit", id, title, data, ...more };
}

/**
 * Returns a button that opens a page. People see the address first; only `https:` is opened.
 *
 * @param {string} title
 * @param {string} url
 */
export function link(title, url) {
  return { type: "Action.OpenUrl", title, url };
}
