import { Link } from "@tanstack/react-router";
import { Info } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useComposer } from "../context";

// What stands in the way of editing, in one sentence.
export function Notices({ hasBegun, mayEdit }: { hasBegun: boolean; mayEdit: boolean }) {
  const { t } = useTranslation("composer");
  const { snapshot } = useComposer();
  const { stored, outdated } = snapshot;
  const text = hasBegun ? t("notice.started") : !mayEdit ? t("notice.readOnly") : outdated ? t("notice.outdated") : stored !== null && stored.post.status !== "draft" ? t("notice.scheduled") : null;
  if (text === null) return null;
  return (
    <p role="status" className="flex items-start gap-2 rounded-card bg-info-fill px-4 py-3 text-info-text">
      <Info aria-hidden className="mt-0.5 size-4 shrink-0" />
      <span>
        {text}{" "}
        {hasBegun && stored !== null && (
          <Link to="/posts/$postId" params={{ postId: stored.post.id }} className="font-medium underline">
            {t("notice.openPost")}
          </Link>
        )}
      </span>
    </p>
  );
}
