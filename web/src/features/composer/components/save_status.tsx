import { CircleAlert, CircleCheck, CircleDot, LoaderCircle } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Button } from "@/components/ui/button";
import { isApiError } from "@/lib/api/error";
import { useFormat } from "@/lib/workspace/context";
import { useComposer } from "../context";

// Whether what is on screen is stored. Announced when it changes to something that needs attention.
export function SaveStatus() {
  const { t } = useTranslation("composer");
  const { snapshot, store, setMerging } = useComposer();
  const format = useFormat();
  const { save, stored } = snapshot;
  if (save.phase === "failed") {
    const { error } = save;
    const reason = isApiError(error) ? (error.errors[0]?.message ?? error.detail) : t("save.failed");
    return (
      <div role="alert" className="flex min-w-0 items-center gap-2 text-sm text-danger-text">
        <CircleAlert aria-hidden className="size-4 shrink-0" />
        <span className="min-w-0">
          {t("save.kept")} {reason}
        </span>
        <Button size="sm" onClick={() => void store.flush()}>
          {t("action.retry", { ns: "common" })}
        </Button>
      </div>
    );
  }
  if (save.phase === "conflict") {
    return (
      <div role="alert" className="flex min-w-0 items-center gap-2 text-sm text-warning-text">
        <CircleAlert aria-hidden className="size-4 shrink-0" />
        <span className="min-w-0">{t("save.conflict")}</span>
        <Button size="sm" onClick={() => setMerging(true)}>
          {t("save.merge")}
        </Button>
      </div>
    );
  }
  const [Icon, text] =
    save.phase === "saving"
      ? ([LoaderCircle, t("save.saving")] as const)
      : save.phase === "dirty"
        ? ([CircleDot, t("save.unsaved")] as const)
        : ([CircleCheck, stored === null ? t("save.new") : t("save.saved", { time: format.time(stored.post.updated_at) })] as const);
  return (
    <p role="status" data-save={save.phase} className="flex items-center gap-2 text-sm text-muted">
      <Icon aria-hidden className={save.phase === "saving" ? "size-4 animate-spin" : save.phase === "dirty" ? "size-4 text-warning-text" : "size-4"} />
      {text}
    </p>
  );
}
