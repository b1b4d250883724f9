import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { contrast, readable } from "@/lib/contrast";

const styles = readFileSync("src/styles.css", "utf8");

function tokens(theme: "dark" | "light"): Record<string, string> {
  const block = new RegExp(`\\[data-theme="${theme}"\\] \\{([^}]*)\\}`).exec(styles)?.[1] ?? "";
  return Object.fromEntries([...block.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name, value]) => [name ?? "", value ?? ""]));
}

const text = 4.5;
const graphic = 3;
const layers = ["page", "surface", "raised"];
const tones = ["accent", "success", "warning", "danger", "info"];

describe.each(["dark", "light"] as const)("the %s theme", (theme) => {
  const all = tokens(theme);
  const pairs: [string, string, number][] = [
    ...["text", "muted", ...tones.map((tone) => `${tone}-text`)].flatMap((front) =>
      layers.map((layer): [string, string, number] => [front, layer, text]),
    ),
    ...tones.map((tone): [string, string, number] => [`${tone}-text`, `${tone}-fill`, text]),
    ["text", "accent-fill", text],
    ["muted", "accent-fill", text],
    ["on-accent", "accent-solid", text],
    ["control", "surface", graphic],
    ["control", "page", graphic],
    ["accent", "surface", graphic],
    ["success", "surface", graphic],
    ["warning", "surface", graphic],
    ["accent-text", "page", graphic],
  ];

  it.each(pairs)("%s on %s", (front, back, least) => {
    expect(all[front], front).toBeDefined();
    expect(all[back], back).toBeDefined();
    expect(contrast(all[front] ?? "", all[back] ?? "")).toBeGreaterThanOrEqual(least);
  });
});

describe("readable", () => {
  it("keeps a colour that is good already", () => {
    expect(readable("#ffffff", ["#12151c"])).toBe("#ffffff");
  });

  it("moves a brand colour only as far as it must", () => {
    const moved = readable("#6d6afc", ["#12151c", "#191d26"]) ?? "";
    expect(contrast(moved, "#191d26")).toBeGreaterThanOrEqual(text);
    expect(contrast(moved, "#191d26")).toBeLessThan(6);
  });

  it("refuses what is no colour", () => {
    expect(readable("indigo", ["#000000"])).toBeNull();
  });
});
