// Dark, light, or as the system says. public/theme.js applies the same key before the first paint.
import { preference } from "@/lib/preference";

export type Theme = "dark" | "light" | "system";
export const themes: readonly Theme[] = ["dark", "light", "system"];

export const themePreference = preference<Theme>("mypost.theme", "dark", (value) => (themes as readonly string[]).includes(value));

const systemLight = window.matchMedia("(prefers-color-scheme: light)");

export function resolvedTheme(): "dark" | "light" {
  const theme = themePreference.get();
  if (theme === "system") return systemLight.matches ? "light" : "dark";
  return theme;
}

function apply(): void {
  const theme = resolvedTheme();
  document.documentElement.dataset.theme = theme;
  document.querySelector('meta[name="theme-color"]')?.setAttribute("content", theme === "light" ? "#f5f6f9" : "#0b0d12");
}

export function startTheme(): void {
  apply();
  themePreference.subscribe(apply);
  systemLight.addEventListener("change", apply);
}
