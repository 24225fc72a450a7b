export type Headers = Record<string, string>;
/**
 * Names and values, names in small letters.
 * @typedef {Record<string, string>} Headers
 */
/** What the outside answered. Whatever its status: a redirect is an answer, and so is an error. */
export declare class Response {
    #private;
    /** The status, like 200. */
    status: number;
    /** What it carries, as bytes. */
    body: Uint8Array<ArrayBufferLike>;
    /** @param {import("souk:http/types@0.1.0").Response} told */
    constructor({ status, headers, body }: import("souk:http/types@0.1.0").Response);
    /** Whether the status is one of success, from 200 to 299. */
    get isSuccess(): boolean;
    /**
     * Returns the first header of a name, given in small letters, or `undefined`.
     * @param {string} name
     */
    header(name: string): string | undefined;
    /** What it carries, as text. Outside words: do not trust them. */
    text(): string;
    /**
     * What it carries, as JSON. Outside words: do not trust them.
     * @returns {any}
     */
    json(): any;
}
/** What became of a request that an earlier event sent. */
export declare class Answer {
    /** Which request it is the answer to: what `send` returned. */
    request: string;
    /** What came, if anything came. */
    response: Response | undefined;
    /** Why nothing came and nothing will, by its name and in words. */
    silence: import("souk:types/common@0.1.0").Note | undefined;
    /** @param {import("souk:miniapp/events@0.1.0").Answer} told */
    constructor({ request, outcome }: import("souk:miniapp/events@0.1.0").Answer);
}
/**
 * Asks for what is at a URL, and waits for the answer, at most a second.
 *
 * @param {string} url
 * @param {Headers} [headers]
 */
export declare function get(url: string, headers?: Headers): Response;
export type Sends = {
    headers?: Headers;
    body?: string | Uint8Array;
    json?: unknown;
};
/**
 * What a request carries: a text, bytes, or anything as JSON.
 *
 * @typedef {object} Sends
 * @property {Headers} [headers]
 * @property {string | Uint8Array} [body]
 * @property {unknown} [json]
 */
/**
 * Stages a request and returns its id. It leaves when this event has committed, under that id, up
 * to five times in about an hour and a half until the other side answers; at most 8 in one event.
 *
 * @param {string} method
 * @param {string} url
 * @param {Sends} [sends]
 */
export declare function send(method: string, url: string, { headers, body, json }?: Sends): string;
/** Returns what is left of the limits on reading and sending. */
export declare function allowances(): import("souk:types/common@0.1.0").Allowance[];
/**
 * Has something processed: `send` with POST.
 *
 * @param {string} url
 * @param {Sends} [sends]
 */
export declare function post(url: string, sends?: Sends): string;
/**
 * Replaces what is at a URL: `send` with PUT.
 *
 * @param {string} url
 * @param {Sends} [sends]
 */
export declare function put(url: string, sends?: Sends): string;
