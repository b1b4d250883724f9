import { useTranslation } from "react-i18next";
import { useLiveState } from "@/lib/live/use_live";
import { cx } from "@/lib/cx";

// Quiet: there only while the live connection is not.
export function ConnectionDot({ className }: { className?: string }) {
  const { t } = useTranslation("shell");
  const state = useLiveState();
  if (state === "open") return <span role="status" className="sr-only" />;
  const text = t(state === "connecting" ? "live.connecting" : "live.polling");
  const about = state === "connecting" ? undefined : t("live.pollingAbout");
  return (
    <p role="status" title={about} className={cx(className, "hover:bg-transparent")}>
      <span aria-hidden className={cx("mx-1 size-2 shrink-0 rounded-full", state === "connecting" ? "bg-muted" : "bg-warning")} />
      <span className="min-w-0 truncate text-sm">{text}</span>
    </p>
  );
}
