import { CircleAlert } from "lucide-react";
import { useTranslation } from "react-i18next";
import { NetworkGlyph } from "@/components/ui/network_glyph";
import { cx } from "@/lib/cx";
import { useFormat } from "@/lib/workspace/context";
import type { Measure } from "../model/rules";

// How long the text is as each network counts it, against what it takes.
export function Counters({ measures }: { measures: readonly Measure[] }) {
  const { t } = useTranslation("composer");
  const format = useFormat();
  return (
    <ul className="flex flex-wrap gap-x-4 gap-y-1 text-sm tabular-nums" aria-label={t("counter.label")}>
      {measures.map(({ rules, used, max, over, inBytes }, index) => (
        <li key={`${rules.network}-${max}-${index}`} className={cx("flex items-center gap-1.5", over ? "font-medium text-danger-text" : used > max * 0.9 ? "text-warning-text" : "text-muted")}>
          <NetworkGlyph network={rules.network} size="sm" decorative />
          <span aria-hidden>
            {format.number(used)}/{format.number(max)}
          </span>
          <span className="sr-only">{t("counter.value", { network: rules.networkName, used: format.number(used), max: format.number(max) })}</span>
          {over && (
            <span className="flex items-center gap-1">
              <CircleAlert aria-hidden className="size-3.5" />
              {inBytes ? t("counter.overBytes", { count: used - max }) : t("counter.over", { count: used - max })}
            </span>
          )}
        </li>
      ))}
    </ul>
  );
}
