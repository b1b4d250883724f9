// Texts. One file per feature and language (src/locales/{en,de}/<feature>.json), fetched when a page first needs
// it. English is complete and stands in for whatever another language lacks.
import i18next, { type BackendModule, type ReadCallback } from "i18next";
import { initReactI18next } from "react-i18next";
import common from "@/locales/en/common.json";

export const languages = [
  { code: "en", name: "English" },
  { code: "de", name: "Deutsch" },
] as const;
export type Language = (typeof languages)[number]["code"];

type Texts = Record<string, unknown>;
const files = import.meta.glob<Texts>(["../../locales/*/*.json", "!../../locales/en/common.json"], { import: "default" });

const backend: BackendModule = {
  type: "backend",
  init: () => undefined,
  read(language: string, namespace: string, done: ReadCallback) {
    const load = files[`../../locales/${language}/${namespace}.json`];
    if (load === undefined) {
      done(new Error(`No texts for ${namespace} in ${language}`), false);
      return;
    }
    load().then(
      (texts) => done(null, texts as Record<string, string>),
      (error: unknown) => done(error instanceof Error ? error : new Error(String(error)), false),
    );
  },
};

export async function startTexts(): Promise<void> {
  await i18next
    .use(backend)
    .use(initReactI18next)
    .init({
      lng: browserLanguage(),
      fallbackLng: "en",
      supportedLngs: languages.map((language) => language.code),
      nonExplicitSupportedLngs: true,
      load: "languageOnly",
      ns: ["common"],
      defaultNS: "common",
      resources: { en: { common } },
      partialBundledLanguages: true,
      // React escapes.
      interpolation: { escapeValue: false },
    });
  showLanguage();
  i18next.on("languageChanged", showLanguage);
}

// `locale` is a user's or workspace's choice such as "de-AT"; null = what the browser asks for.
export function setLanguage(locale: string | null): void {
  const language = supported(locale) ?? browserLanguage();
  if (i18next.language !== language) void i18next.changeLanguage(language);
}

// Fetches texts before a page renders; used by routes, in parallel with the page's code.
export function loadTexts(...namespaces: string[]): Promise<void> {
  return i18next.loadNamespaces(namespaces);
}

// How dates and numbers are written: the browser's own regional form of the language in use ("de-AT" for "de").
export function formatLocale(language = i18next.language): string {
  return navigator.languages.find((candidate) => candidate.split("-")[0] === language) ?? (language === "en" ? "en-GB" : language);
}

function browserLanguage(): Language {
  for (const candidate of navigator.languages) {
    const language = supported(candidate);
    if (language !== null) return language;
  }
  return "en";
}

function supported(locale: string | null): Language | null {
  const code = locale?.split("-")[0];
  return languages.find((language) => language.code === code)?.code ?? null;
}

function showLanguage(): void {
  document.documentElement.lang = i18next.language;
}
