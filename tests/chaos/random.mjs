// Random choices from a printed seed, so that a run can be repeated.
export function makeRandom(seed) {
    let state = seed >>> 0;
    const next = () => {
        // mulberry32
        state = (state + 0x6d2b79f5) >>> 0;
        let t = state;
        t = Math.imul(t ^ (t >>> 15), t | 1);
        t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
        return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
    };
    return {
        seed,
        next,
        between: (low, high) => low + next() * (high - low),
        integer: (low, high) => Math.floor(low + next() * (high - low + 1)),
        pick: (list) => list[Math.floor(next() * list.length)],
        chance: (share) => next() < share,
    };
}
