import { describe, expect, it } from "vitest";
import { type Draft, withField } from "./draft";
import { differences, merged, type Side } from "./merge";
import { draft, target } from "./testing";

const base = draft("start", { targets: [target("x"), target("mastodon")], labels: ["a"] });

function merge(mine: Draft, theirs: Draft, choices: Record<string, Side> = {}): Draft {
  return merged(differences(base, mine, theirs), new Map(Object.entries(choices)), mine, theirs);
}

describe("differences", () => {
  it("are none between equal drafts, whatever the screen's own keys", () => {
    const part = { key: "k1", body: "two", media: [] };
    expect(differences(base, withField(base, "all", "thread", [part]), withField(base, "all", "thread", [{ ...part, key: "k2" }]))).toEqual([]);
  });

  it("suggest the side that changed", () => {
    const rows = differences(base, withField(base, "all", "body", "mine"), withField(base, "all", "link", "https://theirs.example"));
    expect(rows.map(({ slot, suggested, conflict }) => ({ slot, suggested, conflict }))).toEqual([
      { slot: "content.body", suggested: "mine", conflict: false },
      { slot: "content.link", suggested: "theirs", conflict: false },
    ]);
  });

  it("mark what both changed", () => {
    const rows = differences(base, withField(base, "all", "body", "mine"), withField(base, "all", "body", "theirs"));
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ slot: "content.body", mine: "mine", theirs: "theirs", conflict: true });
  });

  it("show a target that only one side has as one row", () => {
    const rows = differences(base, { ...base, targets: [...base.targets, target("bluesky", { own: { body: "short" } })] }, base);
    expect(rows.map((row) => row.slot)).toEqual(["target:bluesky|post|0"]);
  });
});

describe("merging", () => {
  it("loses neither side's change without being asked", () => {
    const result = merge(withField(base, "all", "body", "mine"), { ...withField(base, "all", "link", "https://theirs.example"), labels: ["a", "b"] });
    expect(result.content).toMatchObject({ body: "mine", link: "https://theirs.example" });
    expect(result.labels).toEqual(["a", "b"]);
  });

  it("follows the person's choice where both changed", () => {
    const [mine, theirs] = [withField(base, "all", "body", "mine"), withField(base, "all", "body", "theirs")];
    expect(merge(mine, theirs).content.body).toBe("mine");
    expect(merge(mine, theirs, { "content.body": "theirs" }).content.body).toBe("theirs");
  });

  it("merges a target's own fields one by one", () => {
    const key = "mastodon|post|0";
    const mine = withField(base, key, "body", "my Mastodon text");
    const theirs = withField(base, key, "first_comment", "their comment");
    expect(merge(mine, theirs).targets[1]?.own).toEqual({ body: "my Mastodon text", first_comment: "their comment" });
  });

  it("keeps a target that I added and drops one that they removed", () => {
    const mine = { ...base, targets: [...base.targets, target("bluesky", { id: null })] };
    const theirs = { ...base, targets: base.targets.slice(0, 1) };
    expect(merge(mine, theirs).targets.map((item) => item.account_id)).toEqual(["x", "bluesky"]);
  });

  it("leaves out a target that I removed", () => {
    expect(merge({ ...base, targets: base.targets.slice(1) }, base).targets.map((item) => item.account_id)).toEqual(["mastodon"]);
  });
});
