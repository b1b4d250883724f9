// A brand's colour as the app's accent: as it is for graphics, adjusted only as far as text needs (WCAG AA).
import { contrast, mix, readable } from "@/lib/contrast";
import { resolvedTheme } from "@/lib/theme";

export type Accent = { accent: string; solid: string; onSolid: string; text: string; fill: string };

// Backgrounds and texts that the accent meets; src/styles.css has the same values.
const grounds = {
  dark: { layers: ["#0b0d12", "#12151c", "#191d26"], texts: ["#e7eaf0", "#98a1b3"], surface: "#12151c" },
  light: { layers: ["#f5f6f9", "#ffffff", "#eef0f5"], texts: ["#161a23", "#566076"], surface: "#ffffff" },
} as const;

const white = "#ffffff";
const ink = "#0b0d12";
const textRatio = 4.5;
// Below it white would need so much darkening that the brand is no longer recognised: dark text then.
const whiteWorthKeeping = 2.6;

// Null when `color` is no hex colour.
export function accentOf(color: string, theme: "dark" | "light"): Accent | null {
  const { layers, texts, surface } = grounds[theme];
  const onSolid = contrast(color, white) >= whiteWorthKeeping ? white : ink;
  const solid = readable(color, [onSolid]);
  if (solid === null) return null;
  const fill = softest(color, surface, texts);
  const text = readable(color, [...layers, fill]);
  const accent = readable(color, [surface], 3);
  return text === null || accent === null ? null : { accent, solid, onSolid, text, fill };
}

// Whether text in this colour had to be changed to be read, in either theme.
export function isAdjusted(color: string): boolean {
  return (["dark", "light"] as const).some((theme) => accentOf(color, theme)?.text !== color.toLowerCase());
}

// The strongest tint of the surface on which ordinary text can still be read.
function softest(color: string, surface: string, texts: readonly string[]): string {
  for (let share = 0.24; share > 0.02; share -= 0.02) {
    const tint = mix(surface, color, share);
    if (texts.every((text) => contrast(text, tint) >= textRatio)) return tint;
  }
  return surface;
}

const names = {
  accent: "--accent",
  solid: "--accent-solid",
  onSolid: "--on-accent",
  text: "--accent-text",
  fill: "--accent-fill",
} as const;

// Null puts the app's own accent back.
export function applyAccent(color: string | null): void {
  const { style } = document.documentElement;
  const accent = color === null ? null : accentOf(color, resolvedTheme());
  for (const [key, name] of Object.entries(names) as [keyof Accent, string][]) {
    if (accent === null) style.removeProperty(name);
    else style.setProperty(name, accent[key]);
  }
}
