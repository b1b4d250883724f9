import { useMemo, useState } from "react";
import { DndContext, type DragEndEvent, DragOverlay, MouseSensor, pointerWithin, TouchSensor, useSensor, useSensors } from "@dnd-kit/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { CalendarPlus } from "lucide-react";
import { useTranslation } from "react-i18next";
import { buttonClass } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty_state";
import { ErrorState } from "@/components/ui/error_state";
import { Page } from "@/components/ui/page";
import { Skeleton } from "@/components/ui/skeleton";
import { filterOf, serverFilter } from "@/features/posts/model/filters";
import { calendarQuery } from "@/lib/api/queries";
import { showToast } from "@/lib/toast";
import { useBrandFilter, useCan, useFormat, useWorkspace } from "@/lib/workspace/context";
import { localDate, localToInstant } from "@/lib/zoned";
import { CellDialog } from "./components/cell_dialog";
import { Chip, ChipProvider } from "./components/chip";
import { MonthView } from "./components/month_view";
import { PostRows } from "./components/post_rows";
import { Toolbar } from "./components/toolbar";
import { WeekView } from "./components/week_view";
import type { CalendarView } from "./context";
import { instantsOf, monthOf, sameMonth, weekOf } from "./model/dates";
import { byHour, moveTo, placeByDay, type PlacedItem, type Slot, wallClock } from "./model/layout";
import type { Search, View } from "./search";
import { useGrid } from "./use_grid";
import { useReschedule } from "./use_reschedule";

// A day clicked in the month has no hour yet.
const usualHour = 9;
// As the workspace spells it.
const weekdays: Partial<Record<string, number>> = { monday: 1, saturday: 6, sunday: 7 };
// The contract's limit of one answer.
const mostItems = 5000;

// A phone has no room for a grid that is more than numbers.
function usualView(): View {
  return window.matchMedia("(width < 40rem)").matches ? "list" : "month";
}

export default function CalendarPage() {
  const { t } = useTranslation("calendar");
  const search: Search = useSearch({ from: "/app/calendar" });
  const navigate = useNavigate({ from: "/calendar" });
  const { id: ws, time_zone: zone, week_start: weekStart } = useWorkspace();
  const [brand] = useBrandFilter();
  const format = useFormat();
  const mayCompose = useCan("posts.create", brand?.id);
  const mayMove = useCan("posts.schedule", brand?.id);
  const reschedule = useReschedule();
  const [more, setMore] = useState<Slot | null>(null);
  const [dragged, setDragged] = useState<PlacedItem | null>(null);
  const sensors = useSensors(
    useSensor(MouseSensor, { activationConstraint: { distance: 6 } }),
    useSensor(TouchSensor, { activationConstraint: { delay: 250, tolerance: 8 } }),
  );

  const today = localDate(new Date(), zone);
  const [fallbackView] = useState(usualView);
  const view = search.view ?? fallbackView;
  const date = search.date ?? today;
  const firstDay = weekdays[weekStart] ?? format.weekStart();
  const days = useMemo(() => (view === "week" ? weekOf(date, firstDay) : monthOf(date, firstDay).filter((day) => view === "month" || sameMonth(day, date))), [date, firstDay, view]);
  const { from, to } = useMemo(() => instantsOf(days, zone), [days, zone]);
  const filter = filterOf(search);
  const query = useQuery(calendarQuery(ws, { from: from.toISOString(), to: to.toISOString(), ...serverFilter(filter, brand?.id ?? null) }));
  const items = query.data?.data;
  const placed = useMemo(() => placeByDay(items ?? [], zone), [items, zone]);

  const compose = (slot: Slot): void => {
    const at = composeAt(slot, zone, Date.now());
    if (at === null) showToast({ text: t("move.pastCompose"), tone: "danger" });
    else void navigate({ to: "/compose", search: { at: at.toISOString() } });
  };
  const grid = useGrid({
    days,
    start: { date: days.includes(today) ? today : (days[0] ?? today), hour: view === "week" ? usualHour : null },
    find: (id) => [...placed.values()].flat().find((candidate) => candidate.item.id === id),
    mayMove,
    onCompose: (slot) => {
      if (mayCompose) compose(slot);
    },
    onMove: reschedule,
  });
  const onDragEnd = ({ over }: DragEndEvent): void => {
    const slot = (over?.data.current as { slot: Slot } | undefined)?.slot;
    const target = dragged && slot && moveTo(dragged, slot, zone);
    if (dragged && target) reschedule(dragged, target.instant);
    setDragged(null);
  };
  const patch = (change: Partial<Search>): void => void navigate({ search: (current: Search) => ({ ...current, ...change }), replace: true });
  const shared: CalendarView = { days, placed, today, grid, mayCompose, mayMove, onCompose: compose, onMore: setMore };

  return (
    <ChipProvider>
      <Page>
        <Toolbar
          view={view}
          date={date}
          days={days}
          filter={filter}
          onView={(next) => patch({ view: next })}
          onDate={(next) => patch({ date: next ?? undefined })}
          onFilter={(next) => patch({ status: undefined, network: undefined, account: undefined, label: undefined, author: undefined, ...next })}
        />
        <p className="sr-only" role="status">
          {grid.announcement}
        </p>
        {query.isError && items === undefined && <ErrorState error={query.error} onRetry={() => void query.refetch()} />}
        {query.isPending && <Skeleton count={view === "list" ? 6 : 5} className={view === "list" ? "h-12" : "h-28"} />}
        {items !== undefined && (
          <DndContext sensors={sensors} collisionDetection={pointerWithin} onDragStart={({ active }) => setDragged((active.data.current as { placed: PlacedItem }).placed)} onDragCancel={() => setDragged(null)} onDragEnd={onDragEnd}>
            {view === "month" && <MonthView view={shared} date={date} />}
            {view === "week" && <WeekView view={shared} />}
            {view === "list" && placed.size > 0 && <PostRows days={days} placed={placed} today={today} />}
            {items.length === 0 && <Empty mayCompose={mayCompose} isFiltered={Object.keys(filter).length > 0} isGrid={view !== "list"} />}
            <DragOverlay dropAnimation={null}>{dragged !== null && <Chip placed={dragged} />}</DragOverlay>
            {items.length >= mostItems && <p className="mt-3 text-sm text-muted">{t("tooMany", { count: mostItems })}</p>}
          </DndContext>
        )}
        {view !== "list" && <p className="mt-3 hidden text-xs text-muted sm:block">{mayMove ? t("keys.move") : t("keys.read")}</p>}
        {more !== null && <CellDialog slot={more} items={itemsIn(placed, more)} mayCompose={mayCompose} onCompose={() => compose(more)} onClose={() => setMore(null)} />}
      </Page>
    </ChipProvider>
  );
}

function itemsIn(placed: ReadonlyMap<string, PlacedItem[]>, slot: Slot): PlacedItem[] {
  const day = placed.get(slot.date) ?? [];
  return slot.hour === null ? day : (byHour(day).get(slot.hour) ?? []);
}

// Null = that day or hour is over. Today's usual hour gives way to the next full one.
function composeAt(slot: Slot, zone: string, now: number): Date | null {
  const wanted = localToInstant(wallClock(slot.date, (slot.hour ?? usualHour) * 60), zone)?.instant;
  if (wanted === undefined) return null;
  if (wanted.getTime() > now) return wanted;
  const next = new Date(Math.ceil((now + 1) / 3_600_000) * 3_600_000);
  const isStillThen = slot.hour === null && localDate(next, zone) === slot.date;
  return isStillThen ? next : null;
}

function Empty({ mayCompose, isFiltered, isGrid }: { mayCompose: boolean; isFiltered: boolean; isGrid: boolean }) {
  const { t } = useTranslation("calendar");
  // The grid itself invites; only a sentence is missing.
  if (isGrid) return <p className="mt-3 text-center text-muted">{isFiltered ? t("empty.filtered") : mayCompose ? t("empty.grid") : t("empty.title")}</p>;
  return (
    <EmptyState
      icon={<CalendarPlus />}
      title={isFiltered ? t("empty.filtered") : t("empty.title")}
      action={
        mayCompose && (
          <Link to="/compose" className={buttonClass("primary")}>
            {t("action.compose", { ns: "common" })}
          </Link>
        )
      }
    >
      {isFiltered ? undefined : t("empty.text")}
    </EmptyState>
  );
}
