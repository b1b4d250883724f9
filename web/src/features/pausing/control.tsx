import { CirclePause, CirclePlay } from "lucide-react";
import { useTranslation } from "react-i18next";
import { usePausedScopes, useScopes } from "@/features/pausing/use_scopes";

// One click away from anywhere: opens the dialog that pauses and resumes.
export function PauseControl({ onOpen, className }: { onOpen: () => void; className?: string }) {
  const { t } = useTranslation("pausing");
  const scopes = useScopes();
  const paused = usePausedScopes();
  if (scopes.length === 0) return null;
  const Icon = paused.length > 0 ? CirclePlay : CirclePause;
  return (
    <button type="button" onClick={onOpen} className={className}>
      <Icon aria-hidden className={paused.length > 0 ? "size-4 text-warning-text" : "size-4"} />
      <span className="truncate">{paused.length > 0 ? t("control.resume") : t("control.pause")}</span>
    </button>
  );
}
