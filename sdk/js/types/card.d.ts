export type Card = {
    type: "AdaptiveCard";
    version: string;
    /**
     * What the message says wherever a card cannot be shown.
     */
    fallbackText: string;
    body: object[];
    actions?: object[];
};
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
export declare function card(summary: string, body: object[], actions?: object[]): Card;
/** @param {string} text */
export declare function heading(text: string): {
    type: string;
    text: string;
    wrap: boolean;
    style: string;
    size: string;
    weight: string;
};
/**
 * Returns a paragraph; `looks` are properties of a TextBlock, like `{ size: "large" }`.
 *
 * @param {string} text
 * @param {object} [looks]
 */
export declare function text(text: string, looks?: object): {
    type: string;
    text: string;
    wrap: boolean;
};
/**
 * Returns pairs of a title and a value, one under the other.
 * @param {Record<string, string>} pairs
 */
export declare function facts(pairs: Record<string, string>): {
    type: string;
    facts: {
        title: string;
        value: string;
    }[];
};
/**
 * Returns a picture of the package's assets.
 *
 * @param {string} name
 * @param {string} altText For who cannot see it.
 * @param {object} [looks]
 */
export declare function image(name: string, altText: string, looks?: object): {
    type: string;
    url: string;
    altText: string;
};
/**
 * @param {string} id
 * @param {string} label
 * @param {object} [more] Like `{ placeholder, maxLength, isMultiline, value }`.
 */
export declare function textInput(id: string, label: string, more?: object): {
    type: string;
    id: string;
    label: string;
    isRequired: boolean;
};
/**
 * @param {string} id
 * @param {string} label
 * @param {object} [more] Like `{ min, max, value }`.
 */
export declare function numberInput(id: string, label: string, more?: object): {
    type: string;
    id: string;
    label: string;
    isRequired: boolean;
};
/**
 * Returns a choice of what is offered.
 *
 * @param {string} id
 * @param {string} label
 * @param {Record<string, string>} offers The values the app gets, each with what people read.
 * @param {object} [more] Like `{ value, style: "expanded" }`.
 */
export declare function choiceInput(id: string, label: string, offers: Record<string, string>, more?: object): {
    type: string;
    id: string;
    label: string;
    isRequired: boolean;
    choices: {
        title: string;
        value: string;
    }[];
};
/**
 * Returns a button. The `id` is the only one of its name in the card; `data` never leaves the host
 * and comes back as `action.data`.
 *
 * @param {string} id
 * @param {string} title
 * @param {unknown} data
 * @param {object} [more] Like `{ style: "positive", associatedInputs: "none" }`.
 */
export declare function submit(id: string, title: string, data: unknown, more?: object): {
    type: string;
    id: string;
    title: string;
    data: unknown;
};
/**
 * Returns a button that opens a page. People see the address first; only `https:` is opened.
 *
 * @param {string} title
 * @param {string} url
 */
export declare function link(title: string, url: string): {
    type: string;
    title: string;
    url: string;
};
