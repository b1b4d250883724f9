// MyPost from outside: nothing but its HTTP API.
import { Buffer } from "node:buffer";

export class Refused extends Error {
    constructor(method, path, status, problem) {
        super(`${method} ${path}: ${status} ${JSON.stringify(problem)}`);
        this.status = status;
        this.problem = problem;
    }
}

export class Client {
    constructor(base) {
        this.base = `${base}/api/v1`;
        this.password = "correct horse battery staple";
        this.email = "chaos@example.org";
    }

    async send(method, path, { body, headers = {}, tries = 1 } = {}) {
        const options = { method, headers: { ...headers }, redirect: "manual" };
        if (this.token) options.headers.authorization = `Bearer ${this.token}`;
        if (body instanceof FormData) options.body = body;
        else if (body !== undefined) {
            options.headers["content-type"] = "application/json";
            options.body = JSON.stringify(body);
        }
        const response = await fetch(`${this.base}${path}`, options);
        const text = await response.text();
        const json = text && (response.headers.get("content-type") ?? "").includes("json") ? JSON.parse(text) : null;
        if (response.status === 401 && this.token && tries > 0) {
            await this.login();
            return this.send(method, path, { body, headers, tries: tries - 1 });
        }
        if (!response.ok && response.status !== 302 && response.status !== 303) {
            throw new Refused(method, path, response.status, json ?? text.slice(0, 300));
        }
        return { json, response };
    }

    async get(path) {
        return (await this.send("GET", path)).json;
    }
    async post(path, body) {
        return (await this.send("POST", path, { body })).json;
    }

    async setup() {
        await this.post("/setup", {
            name: "Chaos",
            email: this.email,
            password: this.password,
            workspace_name: "Chaos",
            time_zone: "Europe/Berlin",
        });
        await this.login();
        const workspaces = await this.get("/workspaces");
        this.workspace = workspaces.data[0].id;
        this.root = `/workspaces/${this.workspace}`;
        this.brand = (await this.post(`${this.root}/brands`, { name: "Chaos brand" })).id;
        for (const network of ["x"]) {
            await this.send("PUT", `/system/network-apps/${network}`, {
                body: { client_id: "sandbox", client_secret: "sandbox" },
            });
        }
    }

    async login() {
        this.token = null;
        const answer = await this.post("/auth/login", { email: this.email, password: this.password });
        this.token = answer.access_token;
    }

    // Through the network's consent page, as a browser would.
    async connectByConsent(network, handle, instance) {
        const { json, response } = await this.send("POST", `${this.root}/brands/${this.brand}/accounts/authorize`, {
            body: { network, ...(instance ? { instance } : {}) },
        });
        const cookie = response.headers.getSetCookie().map((text) => text.split(";")[0]).join("; ");
        const consent = await fetch(json.authorize_url, {
            method: "POST",
            redirect: "manual",
            headers: { "content-type": "application/x-www-form-urlencoded" },
            body: new URLSearchParams({ decision: "allow", account: handle }),
        });
        const callback = consent.headers.get("location");
        if (!callback) throw new Error(`consent of ${handle} on ${network}: ${consent.status} ${await consent.text()}`);
        const back = await fetch(callback, { redirect: "manual", headers: { cookie } });
        const location = back.headers.get("location") ?? "";
        const connection = new URL(location, this.base).searchParams.get("connection");
        if (!connection) throw new Error(`callback of ${handle} on ${network}: ${back.status} ${location}`);
        const destinations = await this.get(`${this.root}/connections/${connection}/destinations`);
        const chosen = await this.post(`${this.root}/connections/${connection}/accounts`, {
            destination_ids: [destinations.data[0].id],
        });
        return chosen.data[0];
    }

    async connectByPassword(network, credentials) {
        return this.post(`${this.root}/brands/${this.brand}/accounts/connect`, { network, credentials });
    }

    async upload(bytes, name, alt) {
        const form = new FormData();
        form.set("brand_id", this.brand);
        form.set("alt", alt);
        form.set("file", new Blob([Buffer.from(bytes)], { type: "image/png" }), name);
        return (await this.send("POST", `${this.root}/media`, { body: form })).json;
    }

    async allPosts() {
        const posts = [];
        let cursor = null;
        do {
            const page = await this.get(`${this.root}/posts?limit=200${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ""}`);
            posts.push(...page.data);
            cursor = page.next_cursor;
        } while (cursor);
        return posts;
    }
}
