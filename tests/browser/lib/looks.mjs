// Measures of the page as it is drawn: is anything wider than the screen, is all text readable.

/** Returns by how many pixels the page is wider than the screen. */
export function overflow(page) {
  return page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
}

/**
 * Returns texts whose contrast to what lies behind them is below WCAG 2's AA: 4.5, or 3 when large.
 * Disabled controls and what is not seen do not count.
 */
export function faint(page) {
  return page.evaluate(() => {
    const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    const root = document.querySelector("dialog[open]") ?? document.body;
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    const found = [];
    while (walker.nextNode()) {
      const text = walker.currentNode.textContent.trim();
      const node = walker.currentNode.parentElement;
      if (text !== "" && isSeen(node)) measure(node, text);
    }
    return found;

    function measure(node, text) {
      const style = getComputedStyle(node);
      const ground = groundOf(node);
      const ratio = contrast(mix(rgba(style.color), ground), ground);
      const size = Number.parseFloat(style.fontSize);
      const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
      if (ratio < (large ? 3 : 4.5)) found.push(`${ratio.toFixed(2)} "${text.slice(0, 40)}"`);
    }

    function isSeen(node) {
      if (node.closest(":disabled, [inert], .unseen, [hidden]")) return false;
      return node.getClientRects().length > 0 && getComputedStyle(node).visibility === "visible";
    }

    /** What is painted behind a node, from the first opaque ancestor up. */
    function groundOf(node) {
      const layers = [];
      for (let at = node; at; at = at.parentElement) {
        const color = rgba(getComputedStyle(at).backgroundColor);
        layers.push(color);
        if (color[3] === 255) break;
      }
      return layers.reverse().reduce((under, over) => mix(over, under), [255, 255, 255, 255]);
    }

    function rgba(color) {
      canvas.clearRect(0, 0, 1, 1);
      canvas.fillStyle = color;
      canvas.fillRect(0, 0, 1, 1);
      return [...canvas.getImageData(0, 0, 1, 1).data];
    }

    function mix(over, under) {
      const share = over[3] / 255;
      return [0, 1, 2].map((at) => over[at] * share + under[at] * (1 - share)).concat(255);
    }

    function contrast(one, other) {
      const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
      return (light + 0.05) / (dark + 0.05);
    }

    function luminance(color) {
      const [r, g, b] = color.slice(0, 3).map((part) => {
        const share = part / 255;
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    }
  });
}
