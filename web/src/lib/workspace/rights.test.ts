import { describe, expect, it } from "vitest";
import { can, type Rights } from "@/lib/workspace/rights";

const rights: Rights = { workspace: ["posts.view", "posts.publish"], brands: { client: ["posts.view", "posts.approve"] } };

describe("can", () => {
  it("asks the workspace's role in a brand without one of its own", () => {
    expect(can(rights, "posts.publish", "other")).toBe(true);
    expect(can(rights, "posts.approve", "other")).toBe(false);
  });

  it("asks the brand's own role alone where there is one", () => {
    expect(can(rights, "posts.approve", "client")).toBe(true);
    expect(can(rights, "posts.publish", "client")).toBe(false);
  });

  it("without a brand means: somewhere", () => {
    expect(can(rights, "posts.approve")).toBe(true);
    expect(can(rights, "brands.delete")).toBe(false);
    expect(can({ workspace: [], brands: {} }, "posts.view")).toBe(false);
  });
});
