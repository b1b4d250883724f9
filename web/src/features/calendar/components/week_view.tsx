import { useEffect, useMemo, useRef } from "react";
import { useTranslation } from "react-i18next";
import { cx } from "@/lib/cx";
import { useFormat } from "@/lib/workspace/context";
import type { CalendarView } from "../context";
import { noonUtc } from "../model/dates";
import { byHour, type PlacedItem } from "../model/layout";
import { GridCell } from "./grid_cell";

const chipsPerHour = 2;
// The working day is in sight when the week opens.
const firstHourInSight = 7;
const none: readonly PlacedItem[] = [];

export function WeekView({ view }: { view: CalendarView }) {
  const { t } = useTranslation("calendar");
  const format = useFormat("UTC");
  const { days, placed, today, grid } = view;
  const scroller = useRef<HTMLDivElement>(null);
  const hours = useMemo(() => new Map(days.map((day) => [day, byHour(placed.get(day) ?? [])])), [days, placed]);

  useEffect(() => {
    const row = scroller.current?.querySelector<HTMLElement>(`[data-hour="${firstHourInSight}"]`);
    if (row && scroller.current) scroller.current.scrollTop = row.offsetTop - 40;
  }, []);

  return (
    <div ref={scroller} className="relative max-h-[calc(100dvh-13rem)] overflow-auto rounded-card bg-surface">
      <div role="grid" tabIndex={-1} aria-label={t("grid.week")} onKeyDown={grid.onKeyDown} className="min-w-[52rem] outline-none">
        <div role="row" className="sticky top-0 z-10 grid grid-cols-[3.5rem_repeat(7,minmax(0,1fr))] border-b border-hairline bg-surface">
          <div role="columnheader" className="sr-only">
            {t("grid.hour")}
          </div>
          <div aria-hidden />
          {days.map((day) => (
            <div key={day} role="columnheader" className={cx("truncate px-2 py-2.5 text-sm", day === today ? "font-semibold text-accent-text" : "text-muted")}>
              {format.weekday(noonUtc(day))} {Number(day.slice(8))}
              {day === today && <span className="sr-only"> ({t("today")})</span>}
            </div>
          ))}
        </div>
        {Array.from({ length: 24 }, (_, hour) => (
          <div key={hour} role="row" data-hour={hour} className="grid grid-cols-[3.5rem_repeat(7,minmax(0,1fr))] border-b border-hairline last:border-b-0">
            <div role="rowheader" className="px-2 pt-1 text-right text-xs text-muted tabular-nums">
              {format.time(Date.UTC(2026, 0, 1, hour))}
            </div>
            {days.map((day) => (
              <GridCell
                key={day}
                view={view}
                slot={{ date: day, hour }}
                items={hours.get(day)?.get(hour) ?? none}
                shown={chipsPerHour}
                className={cx("min-h-12", day < today && "bg-page/60")}
              />
            ))}
          </div>
        ))}
      </div>
    </div>
  );
}
