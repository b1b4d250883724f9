// Where the words of a refused form go: each field's at its input, the rest above the button.
import i18next from "i18next";
import { isApiError } from "@/lib/api/error";

// The server's message for the field at `pointer` ("/email"), or null.
export function fieldError(error: unknown, pointer: string): string | null {
  if (!isApiError(error)) return null;
  return error.errors.find(({ field }) => field === pointer)?.message ?? null;
}

// What no input of `shown` tells: messages of other fields, or the problem's own detail. Null when all is told.
export function restOfError(error: unknown, shown: readonly string[]): string | null {
  if (error === null || error === undefined) return null;
  if (!isApiError(error)) return i18next.t("error.unexpected");
  if (error.errors.length === 0) return error.detail;
  const others = error.errors.filter(({ field }) => !shown.includes(field));
  return others.length === 0
    ? null
    : others.map(({ field, message }) => (field === "" ? message : `${field.slice(1)}: ${message}`)).join(" ");
}
