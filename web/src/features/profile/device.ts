// "Firefox on Linux" from a User-Agent; "" when it says nothing we know. For recognition only.
const browsers: readonly [RegExp, string][] = [
  [/Edg\//, "Edge"],
  [/OPR\//, "Opera"],
  [/Firefox\//, "Firefox"],
  [/Chrome\//, "Chrome"],
  [/Safari\//, "Safari"],
  [/curl\//, "curl"],
];
const systems: readonly [RegExp, string][] = [
  [/iPhone/, "iPhone"],
  [/iPad/, "iPad"],
  [/Android/, "Android"],
  [/Windows/, "Windows"],
  [/Mac OS X/, "macOS"],
  [/CrOS/, "ChromeOS"],
  [/Linux/, "Linux"],
];

export function deviceOf(userAgent: string | null | undefined): { name: string; phone: boolean } {
  const text = userAgent ?? "";
  const find = (table: readonly [RegExp, string][]): string => table.find(([pattern]) => pattern.test(text))?.[1] ?? "";
  const name = [find(browsers), find(systems)].filter((part) => part !== "").join(" · ");
  return { name, phone: /Mobile|iPhone|Android/.test(text) };
}
