import { useEffect, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { cx } from "@/lib/cx";

const patienceMs = 200;

// Shows its children only when the wait is long enough to be noticed.
export function AfterPatience({ children }: { children: ReactNode }) {
  const [shown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), patienceMs);
    return () => clearTimeout(timer);
  }, []);
  return shown ? children : null;
}

// Grey bars in the place of what is coming. `className` gives each bar its height and width.
export function Skeleton({ count = 3, className = "h-16" }: { count?: number; className?: string }) {
  const { t } = useTranslation();
  return (
    <AfterPatience>
      <div role="status" aria-label={t("state.loading")} className="grid gap-3">
        {Array.from({ length: count }, (_, index) => (
          <div key={index} className={cx("pulse-soft rounded-card bg-surface", className)} />
        ))}
      </div>
    </AfterPatience>
  );
}
