// The document calls a few closed sets of words "string", and a few small objects "object". The server's sources name
// what they hold (docs/publishing.md, publishing/readiness.hpp, posts/posts.hpp); the types say it, so that a forgotten
// state does not compile. A line that the document has made needless, or that matches nothing, is an error.

const targetState = [
  "draft",
  "pending_approval",
  "scheduled",
  "held",
  "publishing",
  "retrying",
  "manual",
  "published",
  "failed",
  "unconfirmed",
  "missed",
  "removed",
  "cancelled",
];
const postStatus = [
  "draft",
  "pending_approval",
  "scheduled",
  "publishing",
  "needs_attention",
  "published",
  "partially_published",
  "failed",
  "cancelled",
];
const readiness = ["ok", "at_risk", "blocked"];

const words = (values) => ({ type: "string", enum: values });
const object = (properties, required = Object.keys(properties)) => ({ type: "object", properties, required });
const string = { type: "string" };
const schema = (name) => ({ $ref: `#/components/schemas/${name}` });

// "Schema.property" → what it holds.
export const values = {
  "Account.state": words(["active", "needs_reconnect", "paused", "disconnected"]),
  "CalendarItem.readiness": words(readiness),
  "CalendarItem.status": words(postStatus),
  "CalendarTarget.state": words(targetState),
  // Lists that may be null, of things that may not.
  "Content.media": { type: ["array", "null"], items: schema("MediaUseInput") },
  "Content.thread": { type: ["array", "null"], items: schema("ThreadPartInput") },
  "Issue.severity": words(["error", "warning"]),
  "MediaAsset.kind": words(["image", "gif", "video"]),
  "MediaAsset.state": words(["processing", "ready", "failed"]),
  "Network.auth": words(["oauth", "credentials"]),
  "PartView.error": { anyOf: [object({ code: string, message: string }), { type: "null" }] },
  "PartView.role": words(["post", "thread", "first_comment"]),
  "Post.readiness": words(readiness),
  "Post.status": words(postStatus),
  "PostVersion.snapshot": object(
    {
      content: schema("Content"),
      targets: { type: "array", items: schema("TargetInput") },
      labels: { type: "array", items: string },
      scheduled_at: { type: ["string", "null"] },
    },
    ["content", "targets"],
  ),
  "Target.readiness": words(readiness),
  "Target.readiness_reasons": { type: "array", items: object({ code: string, blocks: { type: "boolean" }, message: string }) },
  "Target.state": words(targetState),
  "Target.warnings": { type: "array", items: schema("Issue") },
};

export function applyValues(document) {
  const { schemas } = document.components;
  for (const [path, value] of Object.entries(values)) {
    const [name, property] = path.split(".");
    const found = schemas[name] ?? schemas[`anonymousnamespace${name}`];
    if (found?.properties?.[property] === undefined) throw new Error(`scripts/api-values.mjs: the document has no ${path}`);
    if (found.properties[property].enum !== undefined || found.properties[property].$ref !== undefined)
      throw new Error(`scripts/api-values.mjs: the document says itself what ${path} holds; remove the line`);
    found.properties[property] = { ...value, description: found.properties[property].description };
  }
}
