import { CirclePause } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Button } from "@/components/ui/button";
import { usePausedScopes, useScopes } from "@/features/pausing/use_scopes";
import { useFormat } from "@/lib/workspace/context";

// Nobody should wonder why nothing goes out.
export function PauseBanner({ onManage }: { onManage: () => void }) {
  const { t } = useTranslation("pausing");
  const format = useFormat();
  const paused = usePausedScopes();
  const mayManage = useScopes().length > 0;
  const [first] = paused;
  if (first === undefined) return null;
  const { pause } = first;
  const names = first.kind === "workspace" ? t("banner.workspace") : paused.map(({ name }) => name).join(", ");
  return (
    <div role="status" className="flex flex-wrap items-center gap-x-3 gap-y-1 bg-warning-fill px-4 py-2 text-warning-text sm:px-6">
      <CirclePause aria-hidden className="size-4 shrink-0" />
      <p className="min-w-0 flex-1">
        {t("banner.paused", { names })}
        {pause?.until != null && ` ${t("banner.until", { time: format.dateTime(pause.until) })}`}
        {pause !== null && pause.reason !== "" && ` ${t("banner.reason", { reason: pause.reason })}`}
      </p>
      {mayManage && (
        <Button size="sm" onClick={onManage}>
          {t("control.resume")}
        </Button>
      )}
    </div>
  );
}
