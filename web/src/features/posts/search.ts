// What this page keeps in the address. Unknown or malformed values are dropped.
export type Search = Record<string, string>;

export function validateSearch(search: Record<string, unknown>): Search {
  return Object.fromEntries(Object.entries(search).filter((entry): entry is [string, string] => typeof entry[1] === "string"));
}
