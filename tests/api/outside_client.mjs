// An outside client of MyPost's API: sets an empty installation up, connects sandbox accounts on three networks,
// publishes a post with a picture and reads everything back. Needs Node 20, nothing else.
//   node outside_client.mjs http://127.0.0.1:8080 http://127.0.0.1:8090
const [base, sandbox] = process.argv.slice(2);
if (!base || !sandbox) {
  console.error("usage: node outside_client.mjs <MyPost's address> <the sandbox's address>");
  process.exit(2);
}

const person = { email: "outside@example.org", password: "an outside password" };
let token = "";
const cookies = new Map();

function keepCookies(response) {
  for (const line of response.headers.getSetCookie()) {
    const [name, ...value] = line.split(";")[0].split("=");
    cookies.set(name, value.join("="));
  }
}

async function call(method, path, body, headers = {}) {
  const url = path.startsWith("http") ? path : `${base}/api/v1${path}`;
  const form = body instanceof FormData;
  const response = await fetch(url, {
    method,
    redirect: "manual",
    headers: {
      ...(token ? { Authorization: `Bearer ${token}` } : {}),
      ...(body !== undefined && !form ? { "Content-Type": "application/json" } : {}),
      ...(cookies.size ? { Cookie: [...cookies].map(([k, v]) => `${k}=${v}`).join("; ") } : {}),
      ...headers,
    },
    body: body === undefined || form ? body : JSON.stringify(body),
  });
  keepCookies(response);
  return response;
}

async function json(method, path, body, headers) {
  const response = await call(method, path, body, headers);
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return text ? JSON.parse(text) : null;
}

function check(condition, message) {
  if (!condition) throw new Error(message);
}

async function signIn() {
  check((await json("GET", "/setup")).needed, "a new installation says that set-up is needed");
  await json("POST", "/setup", { name: "Outside", workspace_name: "Outside work", time_zone: "Europe/Vienna", ...person });
  check((await call("POST", "/setup", { name: "X", workspace_name: "Y", ...person })).status === 409, "set-up is done once");
  const signedIn = await json("POST", "/auth/login", person);
  check(signedIn.token_type === "Bearer", "the token is a bearer token");
  token = signedIn.access_token;
  const refreshed = await json("POST", "/auth/refresh");
  token = refreshed.access_token;
  check((await json("GET", "/auth/me")).email === person.email, "the token is the person's");
  const { data } = await json("GET", "/workspaces");
  check(data.length === 1, "set-up makes one workspace");
  return `/workspaces/${data[0].id}`;
}

async function sandboxPeople() {
  const state = await (await fetch(`${sandbox}/_sandbox/state`)).json();
  return (network) => state.networks[network].accounts[0];
}

// Walks the network's consent page as a browser does.
async function connectByConsent(workspace, brand, network, extra, handle) {
  const { authorize_url } = await json("POST", `${workspace}/brands/${brand}/accounts/authorize`, { network, ...extra });
  const page = await fetch(authorize_url);
  check(page.ok && (await page.text()).includes("<form"), `${network} shows a consent page`);
  const decided = await fetch(authorize_url, {
    method: "POST",
    redirect: "manual",
    body: new URLSearchParams({ decision: "allow", account: handle }),
  });
  const back = await call("GET", decided.headers.get("location"));
  const target = new URL(back.headers.get("location"), base);
  const connection = target.searchParams.get("connection");
  check(connection, `${network} leads back with a connection: ${target}`);
  const path = `${workspace}/connections/${connection}`;
  const { data: destinations } = await json("GET", `${path}/destinations`);
  const { data } = await json("POST", `${path}/accounts`, { destination_ids: [destinations[0].id] });
  return data[0];
}

async function connectAll(workspace, brand) {
  const people = await sandboxPeople();
  await json("PUT", "/system/network-apps/x", { client_id: "sandbox", client_secret: "sandbox" });
  const x = await connectByConsent(workspace, brand, "x", {}, people("x").handle);
  const mastodon = await connectByConsent(workspace, brand, "mastodon", { instance: "mastodon.example" }, people("mastodon").handle);
  const { handle, app_password } = people("bluesky");
  const bluesky = await json("POST", `${workspace}/brands/${brand}/accounts/connect`, {
    network: "bluesky",
    credentials: { handle, app_password },
  });
  const { data } = await json("GET", `${workspace}/accounts?brand_id=${brand}`);
  check(data.length === 3 && data.every((account) => account.state === "active"), "three accounts are active");
  return { x, mastodon, bluesky };
}

async function upload(workspace, brand) {
  const png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==";
  const form = new FormData();
  form.set("brand_id", brand);
  form.set("alt", "A single pixel");
  form.set("file", new Blob([Buffer.from(png, "base64")], { type: "image/png" }), "pixel.png");
  const asset = await json("POST", `${workspace}/media`, form);
  for (let i = 0; i < 100 && asset.state === "processing"; ++i) {
    await pause(100);
    Object.assign(asset, await json("GET", `${workspace}/media/${asset.id}`));
  }
  check(asset.state === "ready", `the picture is ready: ${asset.state}`);
  const picture = await fetch(new URL(asset.url, base));
  check(picture.ok && picture.headers.get("content-type").startsWith("image/"), "the picture can be fetched");
  return asset;
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function untilPublished(workspace, id, seconds) {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const post = await json("GET", `${workspace}/posts/${id}`);
    if (post.status === "published") return post;
    check(["scheduled", "publishing"].includes(post.status), `the post is ${post.status}: ${JSON.stringify(post.targets)}`);
    check(Date.now() < end, `the post is still ${post.status}`);
    await pause(500);
  }
}

async function readBack(workspace, post, accounts) {
  check(post.targets.length === 3, "three targets");
  for (const target of post.targets) {
    check(target.state === "published" && target.remote_id && target.published_at, `${target.network} is published`);
    check(target.remote_url.startsWith(sandbox), `${target.network} is in the sandbox: ${target.remote_url}`);
    check((await fetch(target.remote_url)).ok, `${target.network}'s permalink resolves`);
    check(target.parts.every((part) => part.state === "published"), `${target.network}'s parts are published`);
  }
  const { data: attempts } = await json("GET", `${workspace}/posts/${post.id}/attempts`);
  const text = JSON.stringify(attempts);
  check(!/bearer [a-z0-9]/i.test(text), "attempts hold no secrets");
  for (const target of post.targets) {
    const own = attempts.filter((attempt) => attempt.target_id === target.id);
    check(own.some((attempt) => attempt.outcome === "ok" && attempt.response.status === 200), `${target.network} has its evidence`);
  }
  const expected = { x: "For X only", mastodon: "For everybody", bluesky: "For everybody" };
  for (const [network, start] of Object.entries(expected)) {
    const { data } = await (await fetch(`${sandbox}/_sandbox/${network}/posts`)).json();
    const mine = data.filter((each) => each.text.startsWith(start));
    check(mine.length === 1, `${network} holds the post once, not ${mine.length} times`);
    check(mine[0].media.length === 1, `${network} shows the picture`);
  }
  const from = new Date(Date.now() - 3_600_000).toISOString();
  const to = new Date(Date.now() + 3_600_000).toISOString();
  const { data: calendar } = await json("GET", `${workspace}/calendar?from=${from}&to=${to}`);
  check(calendar.some((item) => item.id === post.id && item.targets.length === 3), "the calendar shows it");
  const { data: versions } = await json("GET", `${workspace}/posts/${post.id}/versions`);
  check(versions.length >= 1, "its version is kept");
  check(accounts.x.id && accounts.mastodon.id && accounts.bluesky.id, "accounts have ids");
}

const workspace = await signIn();
const { id: brand } = await json("POST", `${workspace}/brands`, { name: "Outside brand" });
const accounts = await connectAll(workspace, brand);
const asset = await upload(workspace, brand);
const { data: networks } = await json("GET", "/networks");
check(["x", "mastodon", "bluesky"].every((name) => networks.some((each) => each.network === name)), "three networks");

const input = {
  brand_id: brand,
  content: { body: "For everybody, from outside.", media: [{ asset_id: asset.id, alt: "A single pixel" }] },
  targets: [
    { account_id: accounts.x.id, content: { body: "For X only." } },
    { account_id: accounts.mastodon.id },
    { account_id: accounts.bluesky.id },
  ],
};
const tooLong = structuredClone(input);
tooLong.targets[0].content.body = "a".repeat(400);
const { issues } = await json("POST", `${workspace}/posts/validate`, tooLong);
check(issues.some((issue) => issue.field === "/targets/0/content/body" && issue.severity === "error"), "X's limit is found");
const good = await json("POST", `${workspace}/posts/validate`, input);
check(good.issues.every((issue) => issue.severity !== "error"), JSON.stringify(good.issues));

const key = { "Idempotency-Key": crypto.randomUUID() };
const draft = await json("POST", `${workspace}/posts`, input, key);
check((await json("POST", `${workspace}/posts`, input, key)).id === draft.id, "the same key makes one post");
const dueAt = new Date(Date.now() + Number(process.env.OUTSIDE_CLIENT_DELAY_MS ?? 20_000)).toISOString();
const scheduled = await json("POST", `${workspace}/posts/${draft.id}/schedule`, { scheduled_at: dueAt });
check(scheduled.status === "scheduled", `it is scheduled: ${scheduled.status}`);
const published = await untilPublished(workspace, draft.id, 90);
check(Date.parse(published.published_at) >= Date.parse(dueAt), "not before its time");
await readBack(workspace, published, accounts);

check((await call("POST", "/auth/logout")).status === 204, "signed out");
check((await call("GET", "/auth/me")).status === 401, "the token is worth nothing any more");
console.log("the outside client is content");
