import { useEffect, useState } from "react";
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { useFormat } from "@/lib/workspace/context";
import { type LocalDate, noonUtc } from "../model/dates";
import type { PlacedItem } from "../model/layout";
import { Chip } from "./chip";

type Row = { kind: "day"; date: LocalDate } | { kind: "post"; placed: PlacedItem };

const dayHeightPx = 44;
const postHeightPx = 48;

// Days with posts, one under the other; only the rows in sight exist.
export type PostRowsProps = { days: readonly LocalDate[]; placed: ReadonlyMap<LocalDate, readonly PlacedItem[]>; today: LocalDate };

export function PostRows({ days, placed, today }: PostRowsProps) {
  const format = useFormat("UTC");
  // Where the list begins on the page.
  const [top, setTop] = useState(0);
  const rows: Row[] = days.flatMap((date) => {
    const posts = placed.get(date) ?? [];
    return posts.length === 0 ? [] : [{ kind: "day" as const, date }, ...posts.map((post) => ({ kind: "post" as const, placed: post }))];
  });
  const virtualizer = useWindowVirtualizer({
    count: rows.length,
    estimateSize: (index) => (rows[index]?.kind === "day" ? dayHeightPx : postHeightPx),
    overscan: 12,
    scrollMargin: top,
  });
  // Opens at today: what is over stands above.
  const firstAhead = rows.findIndex((row) => row.kind === "day" && row.date >= today);
  useEffect(() => {
    if (firstAhead > 0) virtualizer.scrollToIndex(firstAhead, { align: "start" });
    // eslint-disable-next-line react-hooks/exhaustive-deps -- once for each list; later news must not move the page
  }, [days, top]);
  return (
    <div ref={(list) => setTop(list?.offsetTop ?? 0)} className="rounded-card bg-surface p-2 sm:p-3">
      <div className="relative" style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map((virtual) => {
          const row = rows[virtual.index];
          if (row === undefined) return null;
          return (
            <div
              key={virtual.key}
              className="absolute inset-x-0 top-0"
              style={{ height: virtual.size, transform: `translateY(${virtual.start - virtualizer.options.scrollMargin}px)` }}
            >
              {row.kind === "day" ? <h2 className="px-1 pt-4 pb-1 text-sm font-semibold">{format.longDate(noonUtc(row.date))}</h2> : <Chip placed={row.placed} roomy />}
            </div>
          );
        })}
      </div>
    </div>
  );
}
