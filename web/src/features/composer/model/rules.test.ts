import { describe, expect, it } from "vitest";
import type { Account, Network } from "@/lib/api/types";
import { withField } from "./draft";
import { bodyOf, destinationsOf, measure, measures, rulesOf } from "./rules";
import { draft, target } from "./testing";

function network(name: string, text: Partial<Network["kinds"][number]["text"]>): Network {
  return {
    network: name,
    name,
    auth: "oauth",
    needs_instance: false,
    features: [],
    scopes: [],
    credentials: [],
    kinds: [
      {
        kind: "post",
        manual: false,
        text: { max: 300, counter: "graphemes", required_without_media: true, mentions_local_part: false, ...text } as Network["kinds"][number]["text"],
        media: { max_count: 4, content_types: [], max_bytes: 1, max_bytes_of: {}, max_width: null, max_height: null, max_pixels: null, alt_max: 1000, alt_required: false },
        max_parts: 25,
        first_comment: true,
        fields: [],
      },
    ],
  };
}

const networks = [network("x", { max: 280, counter: "x_weighted", url_length: 23 }), network("bluesky", { max_utf8_bytes: 3000 })];
const account = (id: string, of: string) => ({ id, network: of }) as Account;
const accounts = [account("a", "x"), account("b", "bluesky"), account("c", "x")];
const shared = draft("Hello, world! 👋", { targets: [target("a"), target("b"), target("c")] });

describe("measuring", () => {
  it("counts as each network does, once for accounts that share network and text", () => {
    const found = measures(destinationsOf(shared, accounts, networks), bodyOf(shared));
    expect(found.map(({ rules, used, max }) => [rules.network, used, max])).toEqual([
      ["x", 16, 280],
      ["bluesky", 15, 300],
    ]);
  });

  it("shows a second count where an account's own text differs", () => {
    const own = withField(shared, "c|post|0", "body", "short");
    expect(measures(destinationsOf(own, accounts, networks), bodyOf(own)).map(({ used }) => used)).toEqual([16, 15, 5]);
  });

  it("names the limit on bytes when only that one is passed", () => {
    const bluesky = networks[1] && rulesOf(networks[1], "post");
    if (!bluesky) throw new Error("no rules");
    const families = "👨‍👩‍👧‍👦".repeat(130);
    expect(measure(families, bluesky)).toMatchObject({ used: 3250, max: 3000, over: true, inBytes: true });
    expect(measure("a".repeat(3001), bluesky)).toMatchObject({ used: 3001, max: 300, over: true, inBytes: false });
  });

  it("leaves out targets whose account is gone", () => {
    expect(destinationsOf(shared, accounts.slice(0, 1), networks).map((destination) => destination.account.id)).toEqual(["a"]);
  });
});
