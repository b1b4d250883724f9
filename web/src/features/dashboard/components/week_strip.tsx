import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Card } from "@/components/ui/card";
import { isAtRisk, type Board } from "@/features/dashboard/board";
import { cx } from "@/lib/cx";
import { useFormat } from "@/lib/workspace/context";

export function WeekStrip({ week }: { week: Board["week"] }) {
  const { t } = useTranslation("dashboard");
  const format = useFormat();
  const busiest = Math.max(1, ...week.map(({ items }) => items.length));
  return (
    <Card title={t("week.title")}>
      <ol className="grid grid-cols-7 gap-1 sm:gap-2">
        {week.map(({ date, at, items }, index) => {
          const risky = items.filter(isAtRisk).length;
          return (
            <li key={date}>
              <Link to="/calendar" className="flex flex-col items-center gap-1 rounded-lg py-2 hover:bg-raised">
                <span className={cx("text-xs", index === 0 ? "font-semibold text-accent-text" : "text-muted")}>{format.weekday(at)}</span>
                <span aria-hidden className="flex h-14 w-full max-w-8 items-end overflow-hidden rounded-md bg-raised">
                  <span
                    className={cx("w-full", risky > 0 ? "bg-warning" : "bg-accent")}
                    style={{ height: `${(items.length / busiest) * 100}%` }}
                  />
                </span>
                <span className="text-sm font-medium">{items.length}</span>
                <span className="sr-only">{t("week.day", { count: items.length, day: format.longDate(at) })}</span>
              </Link>
            </li>
          );
        })}
      </ol>
    </Card>
  );
}
