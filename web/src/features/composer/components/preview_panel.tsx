import { useMemo } from "react";
import { Eye } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useComposer } from "../context";
import { type DraftContent, effectiveContent } from "../model/draft";
import type { Destination } from "../model/rules";
import { PostPreview } from "./post_preview";

type Shown = { destination: Destination; content: DraftContent };

// How the post will look. In "All": once for each network, and again for each account whose content differs.
export function PreviewPanel() {
  const { t } = useTranslation("composer");
  const { draft, shown } = useComposer();
  const previews = useMemo(() => distinct(shown.map((destination) => ({ destination, content: effectiveContent(draft, destination.key) }))), [draft, shown]);
  if (previews.length === 0) {
    return (
      <div className="flex flex-col items-center gap-2 rounded-card bg-surface px-6 py-10 text-center text-muted">
        <Eye aria-hidden className="size-6" />
        <p>{t("preview.empty")}</p>
      </div>
    );
  }
  return (
    <div className="grid gap-4">
      {previews.map(({ destination, content }) => (
        <PostPreview key={destination.key} destination={destination} content={content} />
      ))}
    </div>
  );
}

function distinct(all: readonly Shown[]): Shown[] {
  const seen = new Set<string>();
  return all.filter(({ destination, content }) => {
    const key = `${destination.rules.network} ${JSON.stringify(content)}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
