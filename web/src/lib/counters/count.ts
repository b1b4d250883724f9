import { countGraphemes, countMastodon } from "./graphemes";
import { countXWeighted } from "./x_weighted";

/** The ways networks count, as `GET /networks` names them. */
export const counters = ["x_weighted", "graphemes", "utf16", "code_points", "utf8_bytes"] as const;
export type Counter = (typeof counters)[number];

/** `url_length`: what a link counts, where the network shortens links; absent = links count in full. */
export type CountRules = { url_length?: number | null | undefined };

const xUrlLength = 23;
const encoder = new TextEncoder();

function countCodePoints(text: string): number {
  return Array.from(text).length;
}

/** Length of `text` as the network that uses `counter` measures it. Never negative; 0 for the empty text. */
export function count(counter: Counter, text: string, rules: CountRules = {}): number {
  switch (counter) {
    case "x_weighted":
      return countXWeighted(text, rules.url_length ?? xUrlLength);
    case "graphemes":
      // The networks that count graphemes and shorten links are those of Mastodon's kind, which shorten mentions too.
      return rules.url_length == null ? countGraphemes(text) : countMastodon(text, rules.url_length);
    case "utf16":
      return text.length;
    case "code_points":
      return countCodePoints(text);
    case "utf8_bytes":
      return encoder.encode(text).length;
  }
}
