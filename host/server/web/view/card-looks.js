// How cards look: the page's own type and colours, in the renderer's terms.
//
// Colours are the page's variables, so that cards follow it into the dark. The awning's gold is not
// among them.

function colors(ink, soft) {
  const of = (main, subtle) => ({
    default: main,
    subtle,
    highlightColors: { default: "var(--highlight)", subtle: "var(--highlight)" },
  });
  return {
    default: of(ink, soft),
    dark: of(ink, soft),
    light: of("var(--soft)", "var(--soft)"),
    accent: of("var(--accent)", "var(--accent)"),
    good: of("var(--good)", "var(--good)"),
    warning: of("var(--warning)", "var(--warning)"),
    attention: of("var(--danger)", "var(--danger)"),
  };
}

function container(background) {
  return {
    backgroundColor: background,
    borderColor: "var(--line)",
    foregroundColors: colors("var(--ink)", "var(--soft)"),
  };
}

export const LOOKS = new globalThis.AdaptiveCards.HostConfig({
  fontTypes: {
    default: font("inherit"),
    monospace: font("var(--mono)"),
  },
  spacing: { small: 4, default: 10, medium: 16, large: 22, extraLarge: 30, padding: 14 },
  separator: { lineThickness: 1, lineColor: "var(--line)" },
  imageSizes: { small: 40, medium: 72, large: 140 },
  containerStyles: {
    default: container("transparent"),
    emphasis: container("var(--wash)"),
    accent: container("var(--tint)"),
    good: container("var(--good-wash)"),
    attention: container("var(--danger-wash)"),
    warning: container("var(--warning-wash)"),
  },
  actions: {
    maxActions: 20,
    buttonSpacing: 8,
    actionAlignment: "left",
    actionsOrientation: "horizontal",
    allowTitleToWrap: true,
    iconSize: 18,
    spacing: "medium",
  },
  inputs: {
    label: {
      inputSpacing: "small",
      requiredInputs: { weight: "bolder", suffix: " *", suffixColor: "attention" },
      optionalInputs: { weight: "bolder" },
    },
    errorMessage: { color: "attention", size: "small", spacing: "small" },
  },
  factSet: { title: { weight: "default", isSubtle: true, wrap: true, maxWidth: 180 }, spacing: 14 },
  textStyles: { heading: { size: "large", weight: "bolder" } },
  textBlock: { headingLevel: 2 },
});

function font(fontFamily) {
  return {
    fontFamily,
    fontSizes: { small: 13, default: 15, medium: 17, large: 20, extraLarge: 26 },
    fontWeights: { lighter: 300, default: 400, bolder: 600 },
  };
}
