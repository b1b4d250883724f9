// WCAG 2.2 contrast, and brand colours made fit for text.

type Rgb = [number, number, number];

export function parseHex(hex: string): Rgb | null {
  const match = /^#([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(hex.trim());
  const digits = match?.[1];
  if (digits === undefined) return null;
  const full = digits.length === 3 ? Array.from(digits, (d) => d + d).join("") : digits;
  return [0, 2, 4].map((at) => Number.parseInt(full.slice(at, at + 2), 16)) as Rgb;
}

function toHex(rgb: Rgb): string {
  return `#${rgb.map((value) => Math.round(value).toString(16).padStart(2, "0")).join("")}`;
}

function luminance([r, g, b]: Rgb): number {
  const linear = (value: number): number => {
    const s = value / 255;
    return s <= 0.04045 ? s / 12.92 : ((s + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
}

// 1 to 21; NaN when either is no hex colour.
export function contrast(a: string, b: string): number {
  const first = parseHex(a);
  const second = parseHex(b);
  if (first === null || second === null) return Number.NaN;
  const [low, high] = [luminance(first), luminance(second)].sort((x, y) => x - y) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

// `color`, moved towards white or black only as far as it takes to reach `ratio` against every background.
// Returns `color` itself when it already does; null when it is no hex colour.
export function readable(color: string, backgrounds: readonly string[], ratio = 4.5): string | null {
  const rgb = parseHex(color);
  if (rgb === null) return null;
  const passes = (candidate: string): boolean => backgrounds.every((background) => contrast(candidate, background) >= ratio);
  if (passes(toHex(rgb))) return toHex(rgb);
  for (let step = 1; step <= 20; step += 1) {
    for (const end of [255, 0]) {
      const moved = toHex(rgb.map((value) => value + ((end - value) * step) / 20) as Rgb);
      if (passes(moved)) return moved;
    }
  }
  return null;
}

// `share` of `over` on top of `base`; `base` itself when either is no hex colour.
export function mix(base: string, over: string, share: number): string {
  const below = parseHex(base);
  const above = parseHex(over);
  if (below === null || above === null) return base;
  return toHex(below.map((value, index) => value + ((above[index] ?? value) - value) * share) as Rgb);
}
