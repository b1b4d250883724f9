// What is published: posts for all networks, threads and pictures among them, each part with a text of its own.
import { deflateSync } from "node:zlib";
import { Buffer } from "node:buffer";

const table = Array.from({ length: 256 }, (_, n) => {
    let c = n;
    for (let k = 0; k < 8; ++k) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
    return c >>> 0;
});
function crc(bytes) {
    let c = 0xffffffff;
    for (const byte of bytes) c = table[(c ^ byte) & 0xff] ^ (c >>> 8);
    return (c ^ 0xffffffff) >>> 0;
}
function chunk(type, data) {
    const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
    const out = Buffer.alloc(8 + data.length + 4);
    out.writeUInt32BE(data.length, 0);
    body.copy(out, 4);
    out.writeUInt32BE(crc(body), 8 + data.length);
    return out;
}

// A real PNG of `size` × `size` pixels in one colour.
export function png(size, [red, green, blue]) {
    const header = Buffer.alloc(13);
    header.writeUInt32BE(size, 0);
    header.writeUInt32BE(size, 4);
    header.set([8, 2, 0, 0, 0], 8);
    const row = Buffer.concat([Buffer.from([0]), Buffer.from(Array.from({ length: size }, () => [red, green, blue]).flat())]);
    const pixels = deflateSync(Buffer.concat(Array.from({ length: size }, () => row)));
    return Buffer.concat([
        Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
        chunk("IHDR", header),
        chunk("IDAT", pixels),
        chunk("IEND", Buffer.alloc(0)),
    ]);
}

export const tag = (seed, post, part) => `[${seed.toString(36)}-${post}-${part}]`;

// `accounts` by network → posts with one target on each network, due within `spanMs` from `startAt`.
export function planPosts(random, accounts, count, startAt, spanMs, assets) {
    const posts = [];
    for (let number = 0; number < count; ++number) {
        const parts = random.chance(0.15) ? random.integer(2, 5) : 1;
        const media = assets.length > 0 && random.chance(0.2) ? [{ asset_id: random.pick(assets).id, alt: "A square" }] : [];
        posts.push({
            number,
            parts,
            dueAt: new Date(startAt + random.between(0, spanMs)),
            targets: Object.values(accounts).map((list) => list[number % list.length]),
            content: {
                body: `Chaos ${tag(random.seed, number, 0)}`,
                media,
                thread: Array.from({ length: parts - 1 }, (_, i) => ({
                    body: `Part ${i + 2} ${tag(random.seed, number, i + 1)}`,
                    media: [],
                })),
            },
        });
    }
    return posts;
}
