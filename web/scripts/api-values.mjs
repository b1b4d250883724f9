// The document calls a few closed sets of words "string", and a few small objects "object". The server's sources name
// what they hold (docs/publishing.md, publishing/readiness.hpp, posts/posts.hpp); the types say it, so that a forgotten
// state does not compile. A line that the document has made needless, or that matches nothing, is an error.

const readiness = ["ok", "at_risk", "blocked"];

const words = (values) => ({ type: "string", enum: values });
const schema = (name) => ({ $ref: `#/components/schemas/${name}` });

// "Schema.property" → what it holds.
export const values = {
  "Account.state": words(["active", "needs_reconnect", "paused", "disconnected"]),
  "CalendarItem.readiness": words(readiness),
  // Lists that may be null, of things that may not.
  "Content.media": { type: ["array", "null"], items: schema("MediaUse") },
  "Content.thread": { type: ["array", "null"], items: schema("ThreadPart") },
  "ContentInput.media": { type: ["array", "null"], items: schema("MediaUseInput") },
  "ContentInput.thread": { type: ["array", "null"], items: schema("ThreadPartInput") },
  "Issue.severity": words(["error", "warning"]),
  "MediaAsset.kind": words(["image", "gif", "video"]),
  "MediaAsset.state": words(["processing", "ready", "failed"]),
  "Network.auth": words(["oauth", "credentials"]),
  "Part.role": words(["post", "thread", "first_comment"]),
  "Post.readiness": words(readiness),
  "Target.readiness": words(readiness),
};

export function applyValues(document) {
  const { schemas } = document.components;
  for (const [path, value] of Object.entries(values)) {
    const [name, property] = path.split(".");
    const found = schemas[name];
    if (found?.properties?.[property] === undefined) throw new Error(`scripts/api-values.mjs: the document has no ${path}`);
    if (found.properties[property].enum !== undefined || found.properties[property].$ref !== undefined)
      throw new Error(`scripts/api-values.mjs: the document says itself what ${path} holds; remove the line`);
    found.properties[property] = { ...value, description: found.properties[property].description };
  }
}
