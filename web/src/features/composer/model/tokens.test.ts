import { describe, expect, it } from "vitest";
import { shownLink, tokensOf } from "./tokens";

const kinds = (text: string, network = "x") => tokensOf(text, network).flatMap((token) => (token.kind === "plain" ? [] : [`${token.kind} ${token.text}`]));

describe("what a network makes clickable", () => {
  it("are links, mentions and tags, and the pieces give the text again", () => {
    const text = "New: https://example.com/a_(b). Thanks @ann, #launch and #1 not.";
    expect(kinds(text)).toEqual(["link https://example.com/a_(b)", "mention @ann", "tag #launch"]);
    expect(tokensOf(text, "x").map((token) => token.text).join("")).toBe(text);
  });

  it("includes bare domains on X and not on Mastodon, where mentions carry a host", () => {
    expect(kinds("see example.com")).toEqual(["link example.com"]);
    expect(kinds("see example.com @ann@social.example", "mastodon")).toEqual(["mention @ann@social.example"]);
  });

  it("takes no address of mail for a mention", () => {
    expect(kinds("ann@example.com")).toEqual([]);
  });
});

describe("a shown link", () => {
  it("has no scheme and is cut short", () => {
    expect(shownLink("https://www.example.com/")).toBe("example.com");
    expect(shownLink(`https://example.com/${"x".repeat(40)}`)).toBe(`example.com/${"x".repeat(18)}…`);
  });
});
