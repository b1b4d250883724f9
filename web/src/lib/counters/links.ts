import { longestTopLevelDomain, topLevelDomains } from "./tlds";

/** A link in a text: UTF-16 offsets, end exclusive. */
export type LinkRange = { start: number; end: number };

/** Which of two close relatives of one rule applies: X finds bare domains too, Mastodon only http(s) addresses. */
export type LinkRule = { bareDomains: boolean; path: RegExp };

const spaces = "\\t-\\r \\x85\\xA0\\u1680\\u180E\\u2000-\\u200A\\u2028\\u2029\\u202F\\u205F\\u3000";
const directions = "\\u202A-\\u202E\\u061C\\u200E\\u200F\\u2066-\\u2069";
const nonCharacters = "\\uFFFE\\uFEFF\\uFFFF";
const accentedLatin =
  "\\u0300-\\u036F\\xC0-\\xD6\\xD8-\\xF6\\xF8-\\u024F\\u0253\\u0254\\u0256\\u0257\\u0259\\u025B\\u0263\\u0268\\u026F\\u0272\\u0289\\u028B\\u02BB\\u1E00-\\u1EFF";

const labelCharacter = new RegExp(`[^!'#%&()*+,\\\\\\-./:;<=>?@[\\]^_{|}~$${spaces}${nonCharacters}${directions}]`);
const blocksLink = new RegExp(`[A-Za-z0-9@＠$#＃${nonCharacters}]`);
const blocksBareDomain = /[-_./]/;
const continuesDomain = /[0-9A-Za-z@+-]/;
const scheme = /https?:\/\//iy;
const port = /:[0-9]+/y;
const punycode = /xn--[-0-9a-z]+/iy;
const asciiDomain = new RegExp(`[${accentedLatin}a-zA-Z0-9-]`);

/** Address tails: a path may hold (balanced (parentheses)) and never ends in punctuation that closes a sentence. */
function tail(inner: string, last: string, query: string, queryLast: string): RegExp {
  const balanced = `\\((?:${inner}+|${inner}*\\(${inner}+\\)${inner}*)\\)`;
  return new RegExp(`(?:/(?:(?:${inner}|${balanced})*(?:${last}|${balanced}))?)?(?:\\?${query}*${queryLast})?`, "iuy");
}

/** twitter-text's characters of paths and queries (github.com/twitter/twitter-text, regular expressions of version 3). */
export const xLinks: LinkRule = {
  bareDomains: true,
  path: tail(
    `[a-z0-9!*';:=+,.$/%#\\[\\]\\-\\u2013_~@|&\\u0400-\\u04FF${accentedLatin}]`,
    `[a-z0-9+\\-=_#/\\u0400-\\u04FF${accentedLatin}]`,
    "[a-z0-9!?*'@();:&=+$/%#\\[\\]\\-_.,~|]",
    "[a-z0-9\\-_&=#/]",
  ),
};

/** Mastodon allows nearly everything in a path (mastodon/mastodon:config/initializers/twitter_regex.rb). */
export const mastodonLinks: LinkRule = {
  bareDomains: false,
  path: tail(
    "[^\\s<>()?]",
    "[^\\s()?!*\"'「」<>;:=,.$%\\[\\]~&|@]",
    "[a-z0-9!?*'();:&=+$/%#\\[\\]\\-_.,~|@\\^\\u00A0-\\u{10FFFD}]",
    "[a-z0-9_&=#/\\-\\u00A0-\\u{10FFFD}]",
  ),
};

function matchAt(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  const found = pattern.exec(text);
  return found ? at + found[0].length : -1;
}

/** End of a top-level domain that begins at `at`, or −1. */
function topLevelEnd(text: string, at: number): number {
  const encoded = matchAt(punycode, text, at);
  if (encoded >= 0) return encoded;
  for (let end = Math.min(text.length, at + longestTopLevelDomain); end > at; end--) {
    const next = text[end];
    if (next !== undefined && continuesDomain.test(next)) continue;
    if (topLevelDomains.has(text.slice(at, end).toLowerCase())) return end;
  }
  return -1;
}

/** End of the longest domain name that begins at `at` and ends in a known top-level domain, or −1. */
function domainEnd(text: string, at: number): number {
  let best = -1;
  let labelStart = at;
  let hasUnderscore = false;
  for (let i = at; i < text.length; i++) {
    const c = text[i] ?? "";
    if (labelCharacter.test(c)) continue;
    const inside = i > labelStart && labelCharacter.test(text[i + 1] ?? "");
    if (c === "-" && i > labelStart) continue;
    if (c === "_" && i > labelStart) {
      hasUnderscore = true;
      continue;
    }
    if (c !== "." || !inside || !labelCharacter.test(text[i - 1] ?? "")) break;
    // Underscores are allowed in sub domains only.
    if (!hasUnderscore) best = Math.max(best, topLevelEnd(text, i + 1));
    labelStart = i + 1;
    hasUnderscore = false;
  }
  return best;
}

/**
 * A bare domain counts only where it is ASCII or accented Latin: "日本example.com" links "example.com", and one run of
 * letters may hold several. A path belongs to the last one; without a path, port and query are plain text.
 */
function bareLinks(text: string, start: number, domainStop: number, end: number): LinkRange[] {
  const found: LinkRange[] = [];
  let from = start;
  while (from < domainStop) {
    let stop = from;
    while (stop < domainStop && (text[stop] === "." || asciiDomain.test(text[stop] ?? ""))) stop++;
    const stopOfName = domainEnd(text.slice(0, stop), from);
    if (stopOfName >= 0) found.push({ start: from, end: stopOfName });
    from = stop + 1;
  }
  const last = found.at(-1);
  if (last && text.slice(domainStop, end).includes("/")) last.end = end;
  return found;
}

type Candidate = { links: LinkRange[]; end: number };

/** The link that begins exactly at `at`, if one does. */
function linkAt(text: string, at: number, rule: LinkRule): Candidate | undefined {
  const before = text[at - 1] ?? "";
  if (before !== "" && blocksLink.test(before)) return undefined;
  const afterScheme = matchAt(scheme, text, at);
  const hasScheme = afterScheme >= 0;
  if (!hasScheme && !rule.bareDomains) return undefined;
  const domainStop = domainEnd(text, hasScheme ? afterScheme : at);
  if (domainStop < 0) return undefined;
  const portStop = matchAt(port, text, domainStop);
  const end = matchAt(rule.path, text, portStop >= 0 ? portStop : domainStop);
  if (hasScheme) return { links: [{ start: at, end }], end };
  return { links: blocksBareDomain.test(before) ? [] : bareLinks(text, at, domainStop, end), end };
}

/** The links of `text` that a network following `rule` turns into its own short form, in order, without overlaps. */
export function findLinks(text: string, rule: LinkRule): LinkRange[] {
  const found: LinkRange[] = [];
  if (!text.includes(rule.bareDomains ? "." : ":")) return found;
  // The networks' expressions want a character before a link and take the very first letter of a text for one if it is
  // not ASCII: "über.de" alone links "ber.de".
  let at = text[0] !== undefined && !blocksLink.test(text[0]) && linkAt(text, 1, rule) ? 1 : 0;
  while (at < text.length) {
    const candidate = linkAt(text, at, rule);
    if (candidate) found.push(...candidate.links);
    at = candidate ? candidate.end + 1 : at + 1;
  }
  return found;
}
