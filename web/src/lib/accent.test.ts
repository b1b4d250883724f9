import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { accentOf, isAdjusted } from "@/lib/accent";
import { contrast } from "@/lib/contrast";

const colours = ["#6d6afc", "#ff0000", "#ffe600", "#00c853", "#000000", "#ffffff", "#7f7f7f", "#003366", "#ff8fab"];

describe.each(["dark", "light"] as const)("a brand colour in the %s theme", (theme) => {
  const layers = { dark: ["#0b0d12", "#12151c", "#191d26"], light: ["#f5f6f9", "#ffffff", "#eef0f5"] }[theme];

  it.each(colours)("%s can be read", (colour) => {
    const accent = accentOf(colour, theme);
    expect(accent).not.toBeNull();
    if (accent === null) return;
    for (const layer of [...layers, accent.fill]) expect(contrast(accent.text, layer)).toBeGreaterThanOrEqual(4.5);
    expect(contrast(accent.onSolid, accent.solid)).toBeGreaterThanOrEqual(4.5);
    expect(contrast(accent.accent, layers[1] ?? "")).toBeGreaterThanOrEqual(3);
    for (const text of { dark: ["#e7eaf0", "#98a1b3"], light: ["#161a23", "#566076"] }[theme])
      expect(contrast(text, accent.fill)).toBeGreaterThanOrEqual(4.5);
  });
});

it("keeps a colour that needs no change and says when one was made", () => {
  expect(accentOf("#9492ff", "dark")?.text).toBe("#9492ff");
  expect(isAdjusted("#ffe600")).toBe(true);
});

it("refuses what is no colour", () => {
  expect(accentOf("indigo", "dark")).toBeNull();
});

it("knows the backgrounds of the style sheet", () => {
  const styles = readFileSync("src/styles.css", "utf8");
  for (const value of [
    "--page: #0b0d12",
    "--surface: #12151c",
    "--raised: #191d26",
    "--page: #f5f6f9",
    "--surface: #ffffff",
    "--raised: #eef0f5",
  ])
    expect(styles).toContain(value);
});
