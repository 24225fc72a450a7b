// What is left of the card renderer: the host's profile of Adaptive Cards 1.5.
//
// The host has checked every card when it was posted (`souk-chat`, `card/profile.rs`). This is the
// second lock: the renderer forgets every type outside the profile, reads no Markdown, and is
// given no address but the host's own to load a picture from.

import { LOOKS } from "./card-looks.js";

const { AdaptiveCard, GlobalRegistry, GlobalSettings, SerializationContext, ValidationEvent } =
  globalThis.AdaptiveCards;

const ELEMENTS = [
  "TextBlock",
  "RichTextBlock",
  "TextRun",
  "Image",
  "Container",
  "ColumnSet",
  "Column",
  "FactSet",
  "ActionSet",
  "Input.Text",
  "Input.Number",
  "Input.Date",
  "Input.Time",
  "Input.Toggle",
  "Input.ChoiceSet",
];
const ACTIONS = ["Action.Submit", "Action.OpenUrl"];

const OUTSIDE = new Set([
  ValidationEvent.UnknownElementType,
  ValidationEvent.UnknownActionType,
  ValidationEvent.ElementTypeNotAllowed,
  ValidationEvent.ActionTypeNotAllowed,
]);

keep(GlobalRegistry.elements, ELEMENTS);
keep(GlobalRegistry.actions, ACTIONS);
GlobalSettings.enableFallback = false;
GlobalSettings.useMarkdownInRadioButtonAndCheckbox = false;
GlobalSettings.useAdvancedTextBlockTruncation = false;
GlobalSettings.setTabIndexAtCardRoot = false;
AdaptiveCard.onProcessMarkdown = (_text, result) => {
  result.didProcess = false;
};

/** Reads a card; null when any of it lies outside the profile. */
export function parse(json) {
  const card = new AdaptiveCard();
  card.hostConfig = LOOKS;
  const context = new SerializationContext();
  card.parse({ ...clean(json), version: "1.5" }, context);
  for (let at = 0; at < context.eventCount; at += 1) {
    if (OUTSIDE.has(context.getEventAt(at).event)) return null;
  }
  return card;
}

function keep(registry, names) {
  const known = Array.from(
    { length: registry.getItemCount() },
    (_, at) => registry.getItemAt(at).typeName,
  );
  for (const name of known) if (!names.includes(name)) registry.unregister(name);
}

/**
 * A copy in which every picture is one this host serves; others are their words instead. What a
 * button carries is left out: the host has it, and the renderer takes only objects.
 */
function clean(json) {
  if (Array.isArray(json)) return json.map(clean);
  if (json === null || typeof json !== "object") return json;
  if (json.type === "Image" && !isOurs(json.url)) {
    return {
      type: "TextBlock",
      text: json.altText ?? "",
      isSubtle: true,
      size: "small",
      wrap: true,
    };
  }
  const entries = Object.entries(json).filter(
    ([name, value]) => name !== "data" && (name !== "iconUrl" || isOurs(value)),
  );
  return Object.fromEntries(entries.map(([name, value]) => [name, clean(value)]));
}

function isOurs(address) {
  return typeof address === "string" && address.startsWith("/v1/");
}
