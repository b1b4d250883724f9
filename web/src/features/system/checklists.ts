// What an operator does at each network before its app works here. Names of menus and rights are the networks' own.

// Networks that need an app of the installation's own. Mastodon instances register one by themselves, Bluesky takes
// app passwords.
export const networksWithApp = ["x"] as const;
export type NetworkWithApp = (typeof networksWithApp)[number];

export type Checklist = { console: string; scopes: readonly string[] };

export const checklists: Record<NetworkWithApp, Checklist> = {
  // https://docs.x.com/fundamentals/authentication/oauth-2-0/authorization-code
  x: { console: "https://console.x.com", scopes: ["tweet.read", "tweet.write", "users.read", "media.write", "offline.access"] },
};
