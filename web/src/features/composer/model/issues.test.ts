import { describe, expect, it } from "vitest";
import { withField } from "./draft";
import { controlId, placeOf } from "./issues";
import { draft, target } from "./testing";

const key = "x|post|0";
const shared = draft("text", { targets: [target("x")] });
const place = (field: string, part = "post", from = shared) => placeOf({ account_id: "x", part, field }, from);

describe("an issue leads", () => {
  it("to the shared text while the account has none of its own, else to the account's tab", () => {
    expect(place("body")).toEqual({ scope: "all", control: controlId.body });
    expect(place("body", "post", withField(shared, key, "body", "own"))).toEqual({ scope: key, control: controlId.body });
  });

  it("to the part of the thread that it names", () => {
    expect(place("body", "thread/2")).toEqual({ scope: "all", control: controlId.thread(1) });
    expect(place("media/1/alt", "thread/1")).toEqual({ scope: "all", control: controlId.alt(1, 1) });
  });

  it("to pictures, their alternative text, options and the first comment", () => {
    expect(place("media").control).toBe(controlId.media(0));
    expect(place("media/0/alt").control).toBe(controlId.alt(0, 0));
    expect(place("options/visibility")).toEqual({ scope: key, control: controlId.option("visibility") });
    expect(place("body", "first_comment").control).toBe(controlId.firstComment);
  });

  it("to where the pointer says, in the shared content or in a target", () => {
    expect(place("/content/media/0/alt")).toEqual({ scope: "all", control: controlId.alt(0, 0) });
    expect(place("/content/thread/1/body", "thread/2")).toEqual({ scope: "all", control: controlId.thread(1) });
    expect(place("/content/thread/0/media/1/alt", "thread/1")).toEqual({ scope: "all", control: controlId.alt(1, 1) });
    expect(place("/targets/0/content/body")).toEqual({ scope: key, control: controlId.body });
    expect(place("/targets/0/options/visibility")).toEqual({ scope: key, control: controlId.option("visibility") });
    expect(place("/targets/0/account_id")).toEqual({ scope: "all", control: controlId.accounts });
    expect(place("/content/first_comment", "first_comment").control).toBe(controlId.firstComment);
  });

  it("to the shared text when it names no account", () => {
    expect(placeOf({ account_id: null, part: "post", field: "/content/body" }, shared)).toEqual({ scope: "all", control: controlId.body });
  });
});
