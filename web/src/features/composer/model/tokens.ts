// A text cut into what a network makes clickable and what it does not.
import { findLinks, mastodonLinks, xLinks } from "@/lib/counters/links";

export type Token = { text: string; kind: "plain" | "link" | "mention" | "tag" };

const marks = /(?<![\p{L}\p{N}_@#/])(?:@[\p{L}\p{N}_]+(?:[.@-]+[\p{L}\p{N}_]+)*|#[\p{L}\p{N}_]*[\p{L}_][\p{L}\p{N}_]*)/gu;

export function tokensOf(text: string, network: string): Token[] {
  const tokens: Token[] = [];
  let from = 0;
  for (const link of findLinks(text, network === "mastodon" ? mastodonLinks : xLinks)) {
    tokens.push(...marksIn(text.slice(from, link.start)), { text: text.slice(link.start, link.end), kind: "link" });
    from = link.end;
  }
  return [...tokens, ...marksIn(text.slice(from))];
}

function marksIn(text: string): Token[] {
  const tokens: Token[] = [];
  let from = 0;
  for (const match of text.matchAll(marks)) {
    if (match.index > from) tokens.push({ text: text.slice(from, match.index), kind: "plain" });
    tokens.push({ text: match[0], kind: match[0].startsWith("@") ? "mention" : "tag" });
    from = match.index + match[0].length;
  }
  if (from < text.length) tokens.push({ text: text.slice(from), kind: "plain" });
  return tokens;
}

const longestShownLink = 30;

// Networks show an address without its scheme and cut it short.
export function shownLink(address: string): string {
  const bare = address.replace(/^https?:\/\/(www\.)?/i, "").replace(/\/$/, "");
  return bare.length > longestShownLink ? `${bare.slice(0, longestShownLink)}…` : bare;
}
