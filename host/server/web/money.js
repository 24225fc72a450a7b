// Amounts as people read and write them.
//
// How many digits a currency has is the host's to say: it is learned from the texts the host sends
// beside its amounts (`12.50 USD`), never from the browser's own tables, which differ.

const scales = new Map([
  ["USD", 2],
  ["EUR", 2],
]);

/** Learns how the host writes a currency. */
export function learn(amount, text) {
  const number = text.split(" ")[0];
  const point = number.indexOf(".");
  scales.set(amount.currency, point < 0 ? 0 : number.length - point - 1);
}

/** Writes an amount: `12.50 USD`. */
export function write({ minor, currency }) {
  const scale = scales.get(currency) ?? 0;
  const digits = String(minor).padStart(scale + 1, "0");
  const whole = digits.slice(0, digits.length - scale);
  const number = scale === 0 ? whole : `${whole}.${digits.slice(-scale)}`;
  return `${number} ${code(currency)}`;
}

/** The letters people know a currency by: an asset's digits after the point are not among them. */
export function code(currency) {
  return currency.split(":")[0];
}

/** An amount that the host has written, as people read it. */
export function shown(text) {
  return code(text);
}

/** Tells whether it is an asset of this host, not a currency of a country. */
export function isAsset(currency) {
  return currency.includes(":");
}

/** Reads what a person typed; null when it is not an amount of the currency. */
export function read(text, currency) {
  const scale = scales.get(currency) ?? 0;
  const parts = /^(\d{1,12})(?:[.,](\d+))?$/.exec(text.trim());
  if (!parts || (parts[2] ?? "").length > scale) return null;
  const minor = Number(parts[1] + (parts[2] ?? "").padEnd(scale, "0"));
  return minor > 0 && Number.isSafeInteger(minor) ? { minor, currency } : null;
}

/** Multiplies: the price of several. */
export function times({ minor, currency }, count) {
  return { minor: minor * count, currency };
}

/** Currencies the page can put amounts in. */
export function currencies() {
  return [...scales.keys()];
}
