// The programs under test: started, killed without warning, started again.
import { spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { createServer } from "node:net";
import path from "node:path";

export function freePort() {
    return new Promise((resolve, reject) => {
        const server = createServer();
        server.once("error", reject);
        server.listen(0, "127.0.0.1", () => {
            const { port } = server.address();
            server.close(() => resolve(port));
        });
    });
}

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export async function until(what, limitMs, check) {
    const end = Date.now() + limitMs;
    for (;;) {
        const value = await check();
        if (value) return value;
        if (Date.now() > end) throw new Error(`${what}: not within ${limitMs / 1000} s`);
        await sleep(200);
    }
}

// Settings of whoever starts the run must not reach the programs under test.
const clean = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("MYPOST_")));

export const started = [];

// One program that stays up until it is stopped: a death that nobody ordered fails the run.
export class Process {
    constructor(program, args, env, folder, name) {
        Object.assign(this, { program, args, env, folder, name, kills: 0, unexpected: null });
        started.push(this);
    }

    start() {
        const log = createWriteStream(path.join(this.folder, `${this.name}.log`), { flags: "a" });
        const child = spawn(this.program, this.args, { env: { ...clean, ...this.env }, stdio: ["ignore", "pipe", "pipe"] });
        child.stdout.pipe(log);
        child.stderr.pipe(log);
        this.child = child;
        this.ended = new Promise((resolve) => {
            child.once("exit", (code, signal) => {
                if (!child.ordered) this.unexpected = `${this.name} ended by itself (${signal ?? code})`;
                resolve({ code, signal });
            });
        });
        return this;
    }

    async kill() {
        this.child.ordered = true;
        this.child.kill("SIGKILL");
        await this.ended;
        this.kills += 1;
    }

    async stop() {
        if (!this.child || this.child.exitCode !== null || this.child.signalCode !== null) return;
        this.child.ordered = true;
        this.child.kill("SIGTERM");
        const late = sleep(30_000).then(() => "late");
        if ((await Promise.race([this.ended, late])) === "late") this.child.kill("SIGKILL");
        await this.ended;
    }
}

export async function runToEnd(program, args, env) {
    const child = spawn(program, args, { env: { ...clean, ...env }, stdio: ["ignore", "inherit", "inherit"] });
    const code = await new Promise((resolve) => child.once("exit", resolve));
    if (code !== 0) throw new Error(`${args.join(" ")} ended with ${code}`);
}
