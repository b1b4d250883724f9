import { describe, expect, it } from "vitest";
import { errorFromResponse } from "@/lib/api/error";
import { fieldError, restOfError } from "@/lib/api/form_errors";

const json = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(body), { status, headers });

describe("errorFromResponse", () => {
  it("reads problem+json with every field", async () => {
    const error = await errorFromResponse(
      json(422, {
        code: "validation_failed",
        detail: "Two fields are wrong.",
        request_id: "r-1",
        errors: [
          { field: "/email", code: "invalid_format", params: {}, message: "This is not an e-mail address." },
          { field: "/name", code: "too_long", params: { max: 80 }, message: "At most 80 characters." },
        ],
      }),
    );
    expect(error).toMatchObject({ status: 422, code: "validation_failed", detail: "Two fields are wrong.", requestId: "r-1" });
    expect(error.errors[1]).toEqual({ field: "/name", code: "too_long", params: { max: 80 }, message: "At most 80 characters." });
  });

  it("takes the request id from the header, and when to come back", async () => {
    const error = await errorFromResponse(
      json(429, { code: "rate_limited", title: "Too many requests" }, { "X-Request-Id": "r-2", "Retry-After": "30" }),
    );
    expect(error).toMatchObject({ requestId: "r-2", retryAfterSeconds: 30, detail: "Too many requests" });
  });

  it("keeps the current object of a stale edit", async () => {
    const error = await errorFromResponse(json(412, { code: "version_mismatch", detail: "Stale", current: { version: 4 } }));
    expect(error.body).toMatchObject({ current: { version: 4 } });
  });

  it.each([
    ["a proxy's page", new Response("<html>502</html>", { status: 502 })],
    ["JSON of somebody else", json(404, ["no"])],
    ["nothing", new Response(null, { status: 500 })],
  ])("has words for %s", async (_name, response) => {
    const error = await errorFromResponse(response);
    expect(error.code).toBe("unreadable_answer");
    expect(error.detail).toContain(String(response.status));
  });
});

describe("messages of a form", () => {
  const refused = () =>
    errorFromResponse(
      json(422, {
        code: "validation_failed",
        detail: "Wrong",
        errors: [
          { field: "/email", code: "x", message: "Not an address." },
          { field: "/plan", code: "x", message: "Unknown." },
        ],
      }),
    );

  it("go to their input", async () => {
    expect(fieldError(await refused(), "/email")).toBe("Not an address.");
    expect(fieldError(await refused(), "/name")).toBeNull();
  });

  it("without an input go above the button, with the field's name", async () => {
    expect(restOfError(await refused(), ["/email"])).toBe("plan: Unknown.");
    expect(restOfError(await refused(), ["/email", "/plan"])).toBeNull();
  });

  it("say what the problem as a whole says when no field is named", async () => {
    expect(restOfError(await errorFromResponse(json(409, { code: "conflict", detail: "The slug is taken." })), ["/slug"])).toBe(
      "The slug is taken.",
    );
    expect(restOfError(null, [])).toBeNull();
  });
});
