import { useTranslation } from "react-i18next";
import { cx } from "@/lib/cx";
import { useFormat } from "@/lib/workspace/context";
import type { CalendarView } from "../context";
import { type LocalDate, noonUtc, sameMonth } from "../model/dates";
import type { PlacedItem } from "../model/layout";
import { GridCell } from "./grid_cell";

// So many posts of a day are shown; the rest stand behind "more", so that five thousand cost no more than five hundred.
const chipsPerDay = 3;
const none: readonly PlacedItem[] = [];

export function MonthView({ view, date }: { view: CalendarView; date: LocalDate }) {
  const { t } = useTranslation("calendar");
  const format = useFormat("UTC");
  const { days, placed, today, grid } = view;
  const weeks = Array.from({ length: days.length / 7 }, (_, week) => days.slice(week * 7, week * 7 + 7));
  return (
    <div role="grid" tabIndex={-1} aria-label={t("grid.month")} onKeyDown={grid.onKeyDown} className="overflow-hidden rounded-card bg-surface outline-none">
      <div role="row" className="grid grid-cols-7 border-b border-hairline">
        {days.slice(0, 7).map((day) => (
          <div key={day} role="columnheader" className="truncate px-2 py-2 text-center text-xs font-medium text-muted sm:text-left">
            {format.weekday(noonUtc(day))}
          </div>
        ))}
      </div>
      {weeks.map((week) => (
        <div key={week[0]} role="row" className="grid grid-cols-7 border-b border-hairline last:border-b-0">
          {week.map((day) => (
            <GridCell
              key={day}
              view={view}
              slot={{ date: day, hour: null }}
              items={placed.get(day) ?? none}
              shown={chipsPerDay}
              className={cx("min-h-20 sm:min-h-34", !sameMonth(day, date) && "bg-page/60", day < today && "[&_.day-number]:text-muted")}
              heading={
                <span
                  className={cx(
                    "day-number flex size-6 items-center justify-center rounded-full text-xs tabular-nums",
                    day === today ? "bg-accent-solid font-semibold text-on-accent!" : sameMonth(day, date) ? "text-text" : "text-muted",
                  )}
                >
                  {Number(day.slice(8))}
                </span>
              }
            />
          ))}
        </div>
      ))}
    </div>
  );
}
