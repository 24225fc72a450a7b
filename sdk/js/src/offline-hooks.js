// The hooks that `offline.js` registers: modules of the contract, each with its handles.

/** @type {Record<string, string[]>} */
const HANDLES = {
  "souk:identity/users": ["User"],
  "souk:messaging/chats": ["Chat"],
  "souk:storage/buckets": ["Bucket"],
  "souk:wallet/payments": ["Order", "Wallet"],
};

const SCHEME = "souk:";

/**
 * @param {string} name
 * @param {unknown} context
 * @param {(name: string, context: unknown) => unknown} next
 */
export function resolve(name, context, next) {
  return name.startsWith(SCHEME) ? { url: name, shortCircuit: true } : next(name, context);
}

/**
 * @param {string} url
 * @param {unknown} context
 * @param {(url: string, context: unknown) => unknown} next
 */
export function load(url, context, next) {
  if (!url.startsWith(SCHEME)) return next(url, context);
  const handles = HANDLES[url.split("@")[0]] ?? [];
  const source = handles.map((handle) => `export const ${handle} = ${ABSENT(handle)};`).join("\n");
  return { format: "module", shortCircuit: true, source };
}

/** @param {string} handle */
const ABSENT = (handle) => `new Proxy(class ${handle} {}, {
  get() { throw new Error("${handle} needs a host: run this in one"); },
})`;
