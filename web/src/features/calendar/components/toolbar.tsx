import { ChevronLeft, ChevronRight } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Button } from "@/components/ui/button";
import { FilterBar } from "@/features/posts/components/filter_bar";
import type { PostFilter } from "@/features/posts/model/filters";
import { cx } from "@/lib/cx";
import { useFormat } from "@/lib/workspace/context";
import { addDays, addMonths, type LocalDate, noonUtc } from "../model/dates";
import { type View, views } from "../search";

export type ToolbarProps = {
  view: View;
  date: LocalDate;
  days: readonly LocalDate[];
  filter: PostFilter;
  onView: (view: View) => void;
  // Null = today.
  onDate: (date: LocalDate | null) => void;
  onFilter: (filter: PostFilter) => void;
};

export function Toolbar({ view, date, days, filter, onView, onDate, onFilter }: ToolbarProps) {
  const { t } = useTranslation("calendar");
  const format = useFormat();
  const turn = (by: 1 | -1): void => onDate(view === "week" ? addDays(date, 7 * by) : addMonths(date, by));
  const span = view === "week" ? "week" : "month";
  return (
    <header className="mb-4 flex flex-wrap items-center gap-x-3 gap-y-2">
      <div className="mr-auto min-w-0">
        <h1 className="truncate text-xl font-semibold tracking-tight">
          <span className="sr-only">{t("title")}: </span>
          {title(view, date, days, format.locale)}
        </h1>
        <p className="text-sm text-muted">{t("zone", { zone: format.zone })}</p>
      </div>
      <div className="flex items-center gap-1">
        <Button variant="ghost" size="icon" aria-label={t(`nav.previous_${span}`)} icon={<ChevronLeft aria-hidden className="size-5" />} onClick={() => turn(-1)} />
        <Button size="sm" onClick={() => onDate(null)}>
          {t("today")}
        </Button>
        <Button variant="ghost" size="icon" aria-label={t(`nav.next_${span}`)} icon={<ChevronRight aria-hidden className="size-5" />} onClick={() => turn(1)} />
      </div>
      <div role="group" aria-label={t("view.label")} className="flex rounded-lg bg-surface p-0.5">
        {views.map((name) => (
          <button
            key={name}
            type="button"
            aria-pressed={view === name}
            onClick={() => onView(name)}
            className={cx("h-8 rounded-md px-3 text-sm font-medium", view === name ? "bg-raised text-text" : "text-muted hover:text-text")}
          >
            {t(`view.${name}`)}
          </button>
        ))}
      </div>
      <FilterBar filter={filter} onChange={onFilter} />
    </header>
  );
}

function title(view: View, date: LocalDate, days: readonly LocalDate[], locale: string): string {
  const show = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, { timeZone: "UTC", ...options });
  const [first, last] = [days[0], days.at(-1)];
  if (view === "week" && first !== undefined && last !== undefined) return show({ day: "numeric", month: "short", year: "numeric" }).formatRange(noonUtc(first), noonUtc(last));
  return show({ month: "long", year: "numeric" }).format(noonUtc(date));
}
