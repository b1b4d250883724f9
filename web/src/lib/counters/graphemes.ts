import { findLinks, mastodonLinks } from "./links";

const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" });
// A user name, then "@host": only the name counts. Not after a word, "/" or "=", where Mastodon sees no mention.
const remoteMention =
  /(?<![=/\p{L}\p{N}_])(@[a-z0-9_]+(?:[.-]+[a-z0-9_]+)*)@[\p{L}\p{M}\p{N}_]+(?:[.-]+[\p{L}\p{M}\p{N}_]+)*/giu;
// eslint-disable-next-line no-control-regex -- the range is ASCII itself; only "\r\n" joins two of its characters
const plainAscii = /^[\x00-\x0c\x0e-\x7f]*$/;

/** Extended grapheme clusters: what a reader calls a character. */
export function countGraphemes(text: string): number {
  if (plainAscii.test(text)) return text.length;
  return Array.from(segmenter.segment(text)).length;
}

/** As Mastodon counts: graphemes, where an http(s) link counts `urlLength` and "@user@host" counts as "@user". */
export function countMastodon(text: string, urlLength: number): number {
  const placeholder = "x".repeat(urlLength);
  const shortened = (part: string) => part.replace(remoteMention, "$1");
  let countable = "";
  let from = 0;
  for (const link of findLinks(text, mastodonLinks)) {
    countable += shortened(text.slice(from, link.start)) + placeholder;
    from = link.end;
  }
  return countGraphemes(countable + shortened(text.slice(from)));
}
