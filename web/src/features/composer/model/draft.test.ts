import { describe, expect, it } from "vitest";
import { differs, effectiveContent, inputOf, isBlank, isOwn, patchOf, reattached, sameDraft, targetKey, withAccount, withField, withOption } from "./draft";
import { draft, target } from "./testing";

const x = target("x");
const mastodon = target("mastodon");
const key = targetKey(mastodon);

describe("overrides", () => {
  const shared = draft("for all", { targets: [x, mastodon] });

  it("inherit what a target does not change", () => {
    expect(effectiveContent(shared, key).body).toBe("for all");
    expect(effectiveContent(withField(shared, "all", "body", "new"), key).body).toBe("new");
  });

  it("detach one field of one target only", () => {
    const detached = withField(shared, key, "body", "for Mastodon");
    expect(effectiveContent(detached, key).body).toBe("for Mastodon");
    expect(effectiveContent(detached, targetKey(x)).body).toBe("for all");
    expect(isOwn(detached, key, "body")).toBe(true);
    expect(isOwn(detached, key, "media")).toBe(false);
    expect(effectiveContent(withField(detached, "all", "link", "https://example.com"), key)).toMatchObject({ body: "for Mastodon", link: "https://example.com" });
  });

  it("keep an emptied field as the target's own", () => {
    const emptied = withField(withField(shared, "all", "first_comment", "hello"), key, "first_comment", "");
    expect(effectiveContent(emptied, key).first_comment).toBe("");
    expect(inputOf(emptied).targets[1]?.content).toEqual({ first_comment: null });
  });

  it("end when reattached", () => {
    const again = reattached(withField(shared, key, "body", "own"), key, "body");
    expect(again.targets.some(differs)).toBe(false);
    expect(sameDraft(again, shared)).toBe(true);
  });

  it("leave the given draft as it was", () => {
    withField(shared, key, "body", "own");
    expect(differs(shared.targets[1] ?? x)).toBe(false);
  });
});

describe("what is sent", () => {
  it("names pictures by id and alternative text alone", () => {
    const picture = { asset_id: "asset", alt: "", thumbnail_url: "/t", url: "/u" };
    const withPicture = withField(draft("a"), "all", "media", [picture]);
    expect(inputOf(withPicture).content.media).toEqual([{ asset_id: "asset", alt: null }]);
  });

  it("gives stored targets their id in a patch and never in a creation", () => {
    const stored = draft("a", { targets: [x, target("new", { id: null })] });
    expect(patchOf(stored, stored).targets?.map((item) => item.id)).toEqual(["target-x", undefined]);
    expect(inputOf(stored).targets.map((item) => item.id)).toEqual([undefined, undefined]);
  });

  it("names the time only when it changes", () => {
    const planned = draft("a", { scheduled_at: "2026-11-23T09:00:00.000Z" });
    expect(patchOf(planned, planned)).not.toHaveProperty("scheduled_at");
    expect(patchOf({ ...planned, scheduled_at: null }, planned).scheduled_at).toBeNull();
  });

  it("leaves out options that were cleared", () => {
    const chosen = withOption(draft("a", { targets: [x] }), targetKey(x), "visibility", "private");
    expect(patchOf(chosen, chosen).targets?.[0]?.options).toEqual({ visibility: "private" });
    expect(patchOf(withOption(chosen, targetKey(x), "visibility", ""), chosen).targets?.[0]?.options).toEqual({});
  });
});

describe("accounts", () => {
  it("are added once and removed with their texts", () => {
    const once = withAccount(draft("a"), "x", "post", true);
    expect(withAccount(once, "x", "post", true)).toBe(once);
    expect(withAccount(once, "x", "post", false).targets).toEqual([]);
  });
});

describe("a blank draft", () => {
  it("has no text, picture, link or own field, whatever accounts are chosen", () => {
    expect(isBlank(draft("  \n", { targets: [x] }))).toBe(true);
    expect(isBlank(draft("a"))).toBe(false);
    expect(isBlank(draft("", { targets: [target("x", { own: { body: "own" } })] }))).toBe(false);
  });
});
