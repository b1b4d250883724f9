import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

type Texts = { [key: string]: string | Texts };

const namespaces = readdirSync("src/locales/en").map((file) => file.replace(".json", ""));
const read = (language: string, namespace: string): Texts =>
  JSON.parse(readFileSync(`src/locales/${language}/${namespace}.json`, "utf8")) as Texts;

function flat(texts: Texts, prefix = ""): Map<string, string> {
  const found = new Map<string, string>();
  for (const [key, value] of Object.entries(texts)) {
    if (typeof value === "string") found.set(prefix + key, value);
    else for (const [inner, text] of flat(value, `${prefix}${key}.`)) found.set(inner, text);
  }
  return found;
}

const placeholders = (text: string): string[] => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name ?? "").sort();

describe.each(namespaces)("%s", (namespace) => {
  const english = flat(read("en", namespace));
  const german = flat(read("de", namespace));

  it("has the same keys in both languages", () => {
    expect([...german.keys()].sort()).toEqual([...english.keys()].sort());
  });

  it("fills the same places", () => {
    for (const [key, text] of english) {
      // "1 post" may leave the number out.
      if (/_(one|other)$/.test(key)) continue;
      expect([key, placeholders(german.get(key) ?? "")]).toEqual([key, placeholders(text)]);
    }
  });
});

function sources(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return sources(path);
    return /\.tsx?$/.test(name) && !name.includes(".test.") ? [path] : [];
  });
}

// Every literal key that code asks for exists. Keys made of parts (`state.${state}`) are beyond this check.
it("has a text for every key in the code", () => {
  const all = new Map(namespaces.map((namespace) => [namespace, flat(read("en", namespace))]));
  const has = (namespace: string, key: string): boolean => {
    const texts = all.get(namespace);
    return texts !== undefined && (texts.has(key) || texts.has(`${key}_other`));
  };
  const missing: string[] = [];
  for (const path of sources("src")) {
    const code = readFileSync(path, "utf8");
    const declared = [...code.matchAll(/useTranslation\((?:"(\w+)"|\["(\w+)"[^\]]*\])?\)/g)].map(
      ([, one, first]) => one ?? first ?? "common",
    );
    for (const [, key, ns] of code.matchAll(/\bt\("([\w:.]+)"(?:, \{ ns: "(\w+)")?/g)) {
      const [namespace, name] = key?.includes(":") === true ? key.split(":") : [ns, key];
      const candidates = namespace == null ? (declared.length > 0 ? declared : ["common"]) : [namespace];
      if (!candidates.some((candidate) => has(candidate, name ?? ""))) missing.push(`${path}: ${key ?? ""}`);
    }
  }
  expect(missing).toEqual([]);
});
