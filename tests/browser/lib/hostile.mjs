// A card as an app that means harm would write it. The host refuses most of it when it is posted
// (`souk-chat`); the page must not depend on that.

export const SCRIPT =
  "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>";

/** In the profile, with hostile words in every place that takes words. */
export const WORDS = {
  type: "AdaptiveCard",
  version: "1.5",
  body: [
    { type: "TextBlock", text: SCRIPT, wrap: true, id: "approve" },
    { type: "TextBlock", text: "**bold** [link](https://evil.example/)", wrap: true },
    { type: "FactSet", facts: [{ title: SCRIPT, value: SCRIPT }] },
    { type: "RichTextBlock", inlines: [{ type: "TextRun", text: SCRIPT }] },
    { type: "Image", url: "https://evil.example/seen.png", altText: SCRIPT },
    { type: "Input.Toggle", id: "t", title: SCRIPT, label: SCRIPT },
    { type: "Input.ChoiceSet", id: "c", choices: [{ title: SCRIPT, value: "1" }] },
  ],
  actions: [
    { type: "Action.Submit", id: "s", title: SCRIPT, data: "text" },
    { type: "Action.OpenUrl", id: "u", title: "Away", url: "https://example.com/there?a=b" },
    { type: "Action.OpenUrl", id: "j", title: "Run", url: "javascript:document.title='owned'" },
  ],
};

/** Outside the profile, each in its own way. */
export const OUTSIDE = [
  { type: "Media", sources: [{ mimeType: "video/mp4", url: "https://evil.example/v.mp4" }] },
  { type: "ImageSet", images: [{ type: "Image", url: "https://evil.example/i.png" }] },
  { type: "ActionSet", actions: [{ type: "Action.ShowCard", title: "x", card: WORDS }] },
  {
    type: "ActionSet",
    actions: [{ type: "Action.ToggleVisibility", title: "x", targetElements: ["a"] }],
  },
  { type: "ActionSet", actions: [{ type: "Action.Execute", title: "x", verb: "y" }] },
  { type: "Carousel", pages: [] },
].map((element) => ({
  type: "AdaptiveCard",
  version: "1.5",
  fallbackText: "The card's own words",
  body: [element],
}));
