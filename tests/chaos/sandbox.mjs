// The simulated networks' control API: what they hold, and how they misbehave.
export class Sandbox {
    constructor(base) {
        this.base = base;
    }

    async call(method, path, body) {
        const response = await fetch(`${this.base}/_sandbox${path}`, {
            method,
            ...(body ? { headers: { "content-type": "application/json" }, body: JSON.stringify(body) } : {}),
        });
        const text = await response.text();
        if (!response.ok) throw new Error(`sandbox ${method} ${path}: ${response.status} ${text}`);
        return text ? JSON.parse(text) : null;
    }

    state() {
        return this.call("GET", "/state");
    }
    async posts(network) {
        return (await this.call("GET", `/${network}/posts`)).data;
    }
    fault(network, fault) {
        return this.call("POST", `/${network}/faults`, fault);
    }
    latency(network, ms, jitterMs) {
        return this.call("POST", `/${network}/latency`, { ms, jitter_ms: jitterMs });
    }
    settings(network, settings) {
        return this.call("PUT", `/${network}/settings`, settings);
    }
}

const any = { method: "", path: "" };
const creating = {
    x: { method: "POST", path: "/2/tweets" },
    mastodon: { method: "POST", path: "/api/v1/statuses" },
    bluesky: { method: "POST", path: "/xrpc/com.atproto.repo" },
};
const refreshing = {
    x: { method: "POST", path: "/2/oauth2/token" },
    mastodon: { method: "POST", path: "/oauth/token" },
    bluesky: { method: "POST", path: "/xrpc/com.atproto.server.refreshSession" },
};

// One random misbehaviour of one network.
export function randomFault(random) {
    const network = random.pick(["x", "mastodon", "bluesky"]);
    const create = creating[network];
    const fault = random.pick([
        { match: create, mode: "drop_after" },
        { match: create, mode: "drop_after" },
        { match: create, mode: "drop_before" },
        { match: create, mode: "status", status: random.pick([500, 502, 503, 504]) },
        { match: create, mode: "slow", delay_ms: random.integer(500, 6000) },
        { match: any, mode: "status", status: 503 },
        { match: any, mode: "drop_before" },
        { match: any, mode: "drop_after" },
        { match: create, mode: "rate_limit" },
        { match: refreshing[network], mode: "drop_after" },
    ]);
    return { network, fault: { ...fault, match: stripped(fault.match), times: random.integer(1, 3) } };
}

function stripped(match) {
    return Object.fromEntries(Object.entries(match).filter(([, value]) => value !== ""));
}
