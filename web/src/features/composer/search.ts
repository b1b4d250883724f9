// What the composer takes from the address.
export type Search = {
  // The planned instant of a new post: an empty calendar cell was clicked.
  at?: string;
  // The brand of a new post.
  brand?: string;
  // Starts a new post with the sample text; the first run ends here.
  sample?: true;
};

export function validateSearch(search: Record<string, unknown>): Search {
  const at = typeof search["at"] === "string" ? new Date(search["at"]) : null;
  return {
    ...(at !== null && !Number.isNaN(at.getTime()) && { at: at.toISOString() }),
    ...(typeof search["brand"] === "string" && { brand: search["brand"] }),
    ...((search["sample"] === 1 || search["sample"] === "1" || search["sample"] === true) && { sample: true }),
  };
}
