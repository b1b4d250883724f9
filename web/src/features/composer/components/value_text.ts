import { useTranslation } from "react-i18next";
import { useFormat } from "@/lib/workspace/context";
import { useComposer } from "../context";
import type { DraftMedia, DraftPart } from "../model/draft";
import type { Difference } from "../model/merge";

// A field's value in words, for comparing two of them.
export function useValueText(): (row: Difference, value: unknown) => string {
  const { t } = useTranslation("composer");
  const { labels } = useComposer();
  const format = useFormat();
  const pictures = (media: readonly DraftMedia[]): string =>
    media.length === 0 ? t("value.none") : media.map((item, index) => `${index + 1}. ${item.alt === "" ? t("value.noAlt") : item.alt}`).join("\n");

  return (row, value) => {
    if (value === undefined) return row.field === "target" ? t("value.absent") : row.target === null ? t("value.none") : t("own.follows");
    if (value === null || value === "") return t("value.none");
    switch (row.field) {
      case "target":
        return t("value.present");
      case "media":
        return pictures(value as DraftMedia[]);
      case "thread": {
        const parts = value as DraftPart[];
        return parts.length === 0 ? t("value.none") : parts.map((part, index) => `${index + 2}. ${part.body}`).join("\n\n");
      }
      case "labels": {
        const names = (value as string[]).map((id) => labels.find((label) => label.id === id)?.name ?? id);
        return names.length === 0 ? t("value.none") : names.join(", ");
      }
      case "scheduled_at":
        return format.full(value as string);
      case "options":
        return Object.entries(value as Record<string, unknown>).map(([name, chosen]) => `${name}: ${String(chosen)}`).join("\n") || t("value.none");
      default:
        return typeof value === "string" ? value : JSON.stringify(value);
    }
  };
}
