import { describe, expect, it } from "vitest";
// eslint-disable-next-line no-restricted-imports -- the cases are shared with the server and live beside its tests
import fixture from "../../../../tests/fixtures/text-counting.json";
import { count, type Counter } from "./count";
import { findLinks, xLinks } from "./links";

const plain: Counter[] = ["x_weighted", "graphemes", "utf16", "code_points", "utf8_bytes"];

describe("the shared counting cases", () => {
  it("are there", () => {
    expect(fixture.cases.length).toBeGreaterThanOrEqual(60);
  });

  for (const { name, text, mastodon, ...expected } of fixture.cases) {
    it(name, () => {
      const counted = Object.fromEntries(plain.map((counter) => [counter, count(counter, text)]));
      expect({ ...counted, mastodon: count("graphemes", text, { url_length: 23 }) }).toEqual({ ...expected, mastodon });
    });
  }
});

describe("links of X", () => {
  const linksIn = (text: string) => findLinks(text, xLinks).map(({ start, end }) => text.slice(start, end));

  it("are found with and without a scheme", () => {
    expect(linksIn("a.com, https://b.org/x and c.de/y?z=1.")).toEqual(["a.com", "https://b.org/x", "c.de/y?z=1"]);
  });

  it("take only the latin part of a bare domain", () => {
    expect(linksIn("日本example.com")).toEqual(["example.com"]);
  });

  it("skip addresses of mail and names after # and @", () => {
    expect(linksIn("me@example.com #example.com @example.com")).toEqual([]);
  });
});
