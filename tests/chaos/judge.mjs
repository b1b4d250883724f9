// The verdict, by the sandbox's own account: nothing lost, nothing doubled, nothing stuck.
import { tag } from "./plan.mjs";

const final = new Set(["published", "failed", "unconfirmed", "missed", "manual", "removed", "cancelled"]);
// Visible and explained, and leaves by itself or by a person.
const explained = (target) => target.state === "held" && target.held_reason;

export const settled = (target) => final.has(target.state) || explained(target);

export function countLive(posts) {
    const live = new Map();
    for (const [network, list] of Object.entries(posts)) {
        for (const post of list) {
            const found = /\[[0-9a-z]+-\d+-\d+\]/.exec(post.text);
            if (!found) continue;
            const key = `${network} ${post.account} ${found[0]}`;
            live.set(key, (live.get(key) ?? 0) + 1);
        }
    }
    return live;
}

// `plans` as planPosts() made them, with `id`; `stored` the posts as MyPost tells; `handles` account id → {network, handle}.
export function judge(seed, plans, stored, handles, live) {
    const byId = new Map(stored.map((post) => [post.id, post]));
    const verdict = { targets: 0, states: {}, lost: [], doubled: [], stuck: [], unexplained: [] };
    for (const plan of plans) {
        const post = byId.get(plan.id);
        if (!post) {
            verdict.lost.push(`post ${plan.number} is gone`);
            continue;
        }
        for (const target of post.targets) {
            const { network, handle } = handles.get(target.account_id);
            const name = `post ${plan.number} on ${network}/${handle} (${target.state})`;
            verdict.targets += 1;
            verdict.states[target.state] = (verdict.states[target.state] ?? 0) + 1;
            if (!settled(target)) verdict.stuck.push(name);
            if (["failed", "unconfirmed"].includes(target.state) && !(target.error && target.error.code)) verdict.unexplained.push(name);
            for (let part = 0; part < plan.parts; ++part) {
                const count = live.get(`${network} ${handle} ${tag(seed, plan.number, part)}`) ?? 0;
                const shown = target.parts[part]?.state;
                if (count > 1) verdict.doubled.push(`${name} part ${part}: ${count} times`);
                if (count === 0 && (target.state === "published" || shown === "published")) verdict.lost.push(`${name} part ${part}: not there`);
                if (count === 1 && ["missed", "cancelled", "scheduled", "draft"].includes(target.state)) {
                    verdict.unexplained.push(`${name} part ${part}: live, but MyPost does not know`);
                }
            }
        }
    }
    verdict.ok = [verdict.lost, verdict.doubled, verdict.stuck, verdict.unexplained].every((list) => list.length === 0);
    return verdict;
}
