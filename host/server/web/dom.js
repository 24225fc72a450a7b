// Building the page: elements from plain values, never from text that could hold markup.
//
// Everything a person or an app wrote reaches the document through `append` as text. There is no
// other way in: the page's policy turns strings of HTML into errors.

const PROPERTIES = new Set([
  "value",
  "disabled",
  "checked",
  "hidden",
  "open",
  "inert",
  "textContent",
]);

/** Makes an element: `el("button", { class: "quiet", onclick: close }, "Close")`. */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) set(node, name, value);
  add(node, ...children);
  return node;
}

/** Appends what is there: nothing for null, undefined and false. */
export function add(node, ...children) {
  node.append(...present(children));
  return node;
}

/** Replaces everything in a node. */
export function fill(node, ...children) {
  node.replaceChildren(...present(children));
  return node;
}

/** Somebody's name, kept from turning the words around it. */
export function name(text) {
  return el("bdi", { class: "name" }, text);
}

/** An app's words inside the host's: quoted, and in their own direction. */
export function quote(text) {
  return el("q", { dir: "auto" }, text);
}

/** The words of the host about something that went wrong, as a sentence. */
export function sentence(text) {
  const words = text.trim();
  if (words === "") return "";
  const end = /[.!?]$/.test(words) ? "" : ".";
  return words[0].toUpperCase() + words.slice(1) + end;
}

/** A labelled field of a form, with an id of its own for its label. */
export function field(label, control, hint) {
  control.id = `f-${crypto.randomUUID()}`;
  const note = hint && el("span", { class: "hint", id: `${control.id}-hint` }, hint);
  if (note) control.setAttribute("aria-describedby", note.id);
  return el("div", { class: "field" }, el("label", { for: control.id }, label), control, note);
}

function present(children) {
  return children
    .flat()
    .filter((child) => child !== null && child !== undefined && child !== false);
}

function set(node, name, value) {
  if (value === undefined || value === null || value === false) return;
  if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
  else if (name === "class") node.className = value;
  else if (PROPERTIES.has(name)) node[name] = value;
  else node.setAttribute(name, value === true ? "" : value);
}
