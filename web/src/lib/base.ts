// The app may be served under a sub-path (https://example.org/social/). The server writes that path into
// <base href>, so everything here derives from document.baseURI and nothing is fixed at build time.

// The path the app lives under: "" at the root of a host, else "/social" (no slash at the end).
export function basePath(): string {
  return new URL(".", document.baseURI).pathname.replace(/\/$/, "");
}

export function apiBase(): string {
  return `${basePath()}/api/v1`;
}

// Absolute address of a path inside the app, for links that leave the browser (OAuth redirect URIs, copied links).
export function absoluteUrl(path: string): string {
  return `${window.location.origin}${basePath()}${path}`;
}

export function liveUrl(): string {
  const scheme = window.location.protocol === "https:" ? "wss:" : "ws:";
  return `${scheme}//${window.location.host}${apiBase()}/ws`;
}
