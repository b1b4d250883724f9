// Proves that publishing is exactly once: real processes, killed at random, against networks that misbehave.
//     node tests/chaos/run.mjs short|long [--seed n] [--targets n] [--kills n] [--workers n] [--deletes n] [--keep]
// The program is build/mypost, or MYPOST_PROGRAM. MYPOST_CHAOS_DATABASE_URL: a PostgreSQL database that is empty; else SQLite.
import { randomBytes, randomInt } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import { Client, Refused } from "./client.mjs";
import { countLive, judge, settled } from "./judge.mjs";
import { planPosts, png, tag } from "./plan.mjs";
import { freePort, Process, runToEnd, sleep, started, until } from "./processes.mjs";
import { makeRandom } from "./random.mjs";
import { randomFault, Sandbox } from "./sandbox.mjs";

const forms = {
    short: { targets: 60, kills: 6, workers: 2, deletes: 20, accounts: 6, spanMs: 30_000, settleMs: 420_000 },
    long: { targets: 1000, kills: 100, workers: 3, deletes: 1000, accounts: 26, spanMs: 420_000, settleMs: 2_400_000 },
};

const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
        seed: { type: "string" },
        targets: { type: "string" },
        kills: { type: "string" },
        workers: { type: "string" },
        deletes: { type: "string" },
        keep: { type: "boolean" },
    },
});
const form = { ...forms[positionals[0] ?? "short"] };
for (const name of ["targets", "kills", "workers", "deletes"]) {
    if (values[name] !== undefined) form[name] = Number(values[name]);
}
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
const program = process.env.MYPOST_PROGRAM ?? path.join(root, "build/mypost");
const random = makeRandom(values.seed === undefined ? randomInt(2 ** 31) : Number(values.seed));
const folder = mkdtempSync(path.join(tmpdir(), "mypost-chaos-"));
const say = (text) => console.log(`[${new Date().toISOString().slice(11, 19)}] ${text}`);

async function start() {
    const sandboxPort = await freePort();
    const port = await freePort();
    const sandboxUrl = `http://127.0.0.1:${sandboxPort}`;
    const base = `http://127.0.0.1:${port}`;
    mkdirSync(path.join(folder, "data"));
    const env = {
        MYPOST_DATA_DIR: path.join(folder, "data"),
        MYPOST_HTTP_PORT: String(port),
        MYPOST_PUBLIC_URL: base,
        MYPOST_NETWORKS_VIA: sandboxUrl,
        MYPOST_ENCRYPTION_KEY: randomBytes(32).toString("base64"),
        MYPOST_JWT_SECRET: randomBytes(32).toString("base64"),
        MYPOST_SHUTDOWN_SECONDS: "10",
        MYPOST_LOG_LEVEL: "info",
        ...(process.env.MYPOST_CHAOS_DATABASE_URL ? { MYPOST_DATABASE_URL: process.env.MYPOST_CHAOS_DATABASE_URL } : {}),
    };
    new Process(program, ["sandbox", "--port", String(sandboxPort)], {}, folder, "sandbox").start();
    const sandbox = new Sandbox(sandboxUrl);
    await until("the sandbox starts", 30_000, () => sandbox.state().catch(() => null));
    await runToEnd(program, ["migrate"], env);
    const api = new Process(program, ["api"], env, folder, "api").start();
    await until("the API starts", 30_000, () => fetch(`${base}/ready`).then((r) => r.ok, () => false));
    const workers = Array.from({ length: form.workers }, (_, i) => new Process(program, ["worker"], env, folder, `worker-${i + 1}`).start());
    return { sandbox, api, workers, client: new Client(base) };
}

// Accounts by network, as many as the form asks for.
async function connect(world) {
    const { networks } = await world.sandbox.state();
    const accounts = { x: [], mastodon: [], bluesky: [] };
    for (const person of networks.x.accounts.slice(0, form.accounts)) {
        accounts.x.push(await world.client.connectByConsent("x", person.handle));
    }
    for (const person of networks.mastodon.accounts.slice(0, form.accounts)) {
        accounts.mastodon.push(await world.client.connectByConsent("mastodon", person.handle, "mastodon.example"));
    }
    for (const person of networks.bluesky.accounts.slice(0, form.accounts)) {
        accounts.bluesky.push(
            await world.client.connectByPassword("bluesky", { handle: person.handle, app_password: person.app_password }),
        );
    }
    return accounts;
}

async function create(world, plan, dueIn) {
    const body = {
        brand_id: world.client.brand,
        content: plan.content,
        targets: plan.targets.map((account) => ({ account_id: account.id })),
    };
    const post = await world.client.post(`${world.client.root}/posts`, body);
    plan.id = post.id;
    if (dueIn !== undefined) plan.dueAt = new Date(Date.now() + dueIn);
    await world.client.post(`${world.client.root}/posts/${post.id}/schedule`, { scheduled_at: plan.dueAt.toISOString() });
}

async function inParallel(items, width, work) {
    const queue = [...items];
    await Promise.all(
        Array.from({ length: width }, async () => {
            for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
        }),
    );
}

// Workers die at random moments and come back; networks misbehave.
async function wreck(world, spanMs) {
    const pause = spanMs / form.kills;
    const faults = {};
    for (let kill = 0; kill < form.kills; ++kill) {
        await sleep(pause * random.between(0.4, 1.6));
        const worker = random.pick(world.workers);
        await worker.kill();
        const { network, fault } = randomFault(random);
        await world.sandbox.fault(network, fault);
        faults[`${network} ${fault.mode}`] = (faults[`${network} ${fault.mode}`] ?? 0) + 1;
        await sleep(random.between(0, 1500));
        worker.start();
    }
    return faults;
}

// A post deleted around its due time is either never sent, or sent and the delete refused.
async function raceDeletes(world, accounts) {
    const targets = [...accounts.mastodon, ...accounts.bluesky];
    const races = Array.from({ length: form.deletes }, (_, i) => ({
        number: 1_000_000 + i,
        parts: 1,
        targets: [targets[i % targets.length]],
        content: { body: `Race ${tag(random.seed, 1_000_000 + i, 0)}` },
    }));
    const count = { deleted: 0, refused: 0 };
    await inParallel(races, 8, async (race) => {
        await create(world, race, random.integer(1500, 2500));
        await sleep(race.dueAt - Date.now() + random.between(-300, 1300));
        try {
            await world.client.send("DELETE", `${world.client.root}/posts/${race.id}`);
            race.deleted = true;
            count.deleted += 1;
        } catch (error) {
            if (!(error instanceof Refused) || error.problem?.code !== "publishing_started") throw error;
            count.refused += 1;
        }
    });
    return { races, count };
}

async function waitForAll(world, limitMs) {
    let open = [];
    const end = Date.now() + limitMs;
    while (Date.now() < end) {
        const posts = await world.client.allPosts();
        open = posts.flatMap((post) => post.targets.filter((target) => !settled(target)));
        if (open.length === 0) return posts;
        say(`${open.length} targets under way`);
        await sleep(Math.min(10_000, Math.max(1000, end - Date.now())));
    }
    return world.client.allPosts();
}

function report(title, verdict) {
    say(`${title}: ${verdict.targets} targets ${JSON.stringify(verdict.states)}`);
    for (const kind of ["lost", "doubled", "stuck", "unexplained"]) {
        console.log(`  ${verdict[kind].length} ${kind}`);
        for (const line of verdict[kind].slice(0, 20)) console.log(`    ${line}`);
    }
}

async function main() {
    say(`seed ${random.seed} (repeat with --seed ${random.seed}), program ${program}`);
    let passed = false;
    try {
        const world = await start();
        await world.client.setup();
        const accounts = await connect(world);
        const handles = new Map();
        const { networks } = await world.sandbox.state();
        for (const [network, list] of Object.entries(accounts)) {
            for (const account of list) {
                const person = networks[network].accounts.find((one) => account.handle === one.handle || account.handle.startsWith(`${one.handle}@`));
                handles.set(account.id, { network, handle: person?.handle ?? account.handle });
            }
        }
        say(`${handles.size} accounts connected`);
        const assets = [];
        for (const colour of [[200, 30, 30], [30, 200, 30], [30, 30, 200]]) {
            assets.push(await world.client.upload(png(64, colour), "square.png", "A square"));
        }
        const plans = planPosts(random, accounts, Math.ceil(form.targets / 3), Date.now() + 8000 + form.targets * 10, form.spanMs, assets);
        await inParallel(plans, 8, (plan) => create(world, plan));
        say(`${plans.length} posts scheduled; killing ${form.kills} times`);
        for (const network of Object.keys(accounts)) await world.sandbox.latency(network, 50, 200);
        const faults = await wreck(world, form.spanMs + 10_000);
        say(`faults: ${JSON.stringify(faults)}`);
        const { races, count } = await raceDeletes(world, accounts);
        say(`races: ${JSON.stringify(count)}`);
        const stored = await waitForAll(world, form.settleMs);

        const live = countLive({
            x: await world.sandbox.posts("x"),
            mastodon: await world.sandbox.posts("mastodon"),
            bluesky: await world.sandbox.posts("bluesky"),
        });
        const verdict = judge(random.seed, plans, stored, handles, live);
        report("posts", verdict);
        const kept = races.filter((race) => !race.deleted);
        const raced = judge(random.seed, kept, stored, handles, live);
        for (const race of races.filter((one) => one.deleted)) {
            const { network, handle } = handles.get(race.targets[0].id);
            if (live.has(`${network} ${handle} ${tag(random.seed, race.number, 0)}`)) {
                raced.doubled.push(`race ${race.number} was deleted, and sent`);
                raced.ok = false;
            }
        }
        report("races", raced);
        const dead = started.map((one) => one.unexpected).filter(Boolean);
        for (const text of dead) console.log(`  ${text}`);
        passed = verdict.ok && raced.ok && dead.length === 0;
    } finally {
        for (const one of started.reverse()) await one.stop();
    }
    if (passed && !values.keep) rmSync(folder, { recursive: true, force: true });
    else say(`logs and data are in ${folder}`);
    say(passed ? "passed" : "FAILED");
    process.exitCode = passed ? 0 : 1;
}

main().catch((error) => {
    console.error(error);
    console.error(`logs and data are in ${folder}`);
    process.exitCode = 1;
});
