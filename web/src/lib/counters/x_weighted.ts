import { findLinks, xLinks } from "./links";

// twitter-text configuration v3: these code points weigh half of all others.
const lightRanges: readonly (readonly [number, number])[] = [
  [0x0000, 0x10ff],
  [0x2000, 0x200d],
  [0x2010, 0x201f],
  [0x2032, 0x2037],
];

const emojiWeight = 2;
// One entry of Unicode's recommended emoji (sequences with joiners, skin tones, flags), or a keycap without its selector.
const emoji = new RegExp("\\p{RGI_Emoji}|[0-9#*]\\uFE0F?\\u20E3", "gv");

function weighCodePoints(text: string): number {
  let weight = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    weight += lightRanges.some(([first, last]) => code >= first && code <= last) ? 1 : 2;
  }
  return weight;
}

function weighText(text: string): number {
  let weight = 0;
  let from = 0;
  for (const match of text.matchAll(emoji)) {
    weight += weighCodePoints(text.slice(from, match.index)) + emojiWeight;
    from = match.index + match[0].length;
  }
  return weight + weighCodePoints(text.slice(from));
}

/** X's weighted length: 280 fit in a post. Every link weighs `urlLength` (23 on X), every emoji 2; NFC first. */
export function countXWeighted(text: string, urlLength: number): number {
  const normalized = text.normalize("NFC");
  let weight = 0;
  let from = 0;
  for (const link of findLinks(normalized, xLinks)) {
    weight += weighText(normalized.slice(from, link.start)) + urlLength;
    from = link.end;
  }
  return weight + weighText(normalized.slice(from));
}
