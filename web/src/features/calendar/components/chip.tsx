import { createContext, memo, use, type MouseEvent, type ReactNode } from "react";
import { useDraggable } from "@dnd-kit/core";
import { useNavigate } from "@tanstack/react-router";
import { CircleX, TriangleAlert } from "lucide-react";
import { useTranslation } from "react-i18next";
import { toneClass } from "@/components/ui/badge";
import { NetworkGlyph, networkName } from "@/components/ui/network_glyph";
import { StateIcon, stateTone } from "@/components/ui/state_badge";
import type { CalendarItem } from "@/lib/api/types";
import { basePath } from "@/lib/base";
import { cx } from "@/lib/cx";
import type { Format } from "@/lib/format";
import { useFormat } from "@/lib/workspace/context";
import { isMovable, type PlacedItem } from "../model/layout";

// What hundreds of chips share: asked for once, not by each.
type Shared = { t: ReturnType<typeof useTranslation<["calendar", "common"]>>["t"]; format: Format; open: (event: MouseEvent<HTMLElement>, id: string) => void };
const ChipContext = createContext<Shared | null>(null);

export function ChipProvider({ children }: { children: ReactNode }) {
  const { t } = useTranslation(["calendar", "common"]);
  const format = useFormat();
  const navigate = useNavigate();
  const open = (event: MouseEvent<HTMLElement>, id: string): void => {
    // A new tab or window is the browser's business.
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    void navigate({ to: "/posts/$postId", params: { postId: id } });
  };
  return <ChipContext value={{ t, format, open }}>{children}</ChipContext>;
}

export type ChipProps = {
  placed: PlacedItem;
  // Place among the chips of its cell, for the arrow keys; absent outside the grid.
  index?: number;
  cell?: string;
  // One line of a list instead of a card in a cell.
  roomy?: boolean;
  isMoving?: boolean;
};

type Handle = Pick<ReturnType<typeof useDraggable>, "listeners" | "setNodeRef">;

// Readiness speaks of what is still to go out.
function isAhead(item: CalendarItem): boolean {
  return item.status === "scheduled" || item.status === "pending_approval";
}

function networksOf(item: CalendarItem): string[] {
  return [...new Set(item.targets.map((target) => target.network))];
}

// One post in the calendar: time, networks, thumbnail, state, and what is wrong with its readiness.
export const Chip = memo(function Chip({ placed, index, cell, roomy = false, isMoving = false, handle }: ChipProps & { handle?: Handle }) {
  const shared = use(ChipContext);
  if (shared === null) throw new Error("Chip belongs inside ChipProvider");
  const { t, format, open } = shared;
  const { item } = placed;
  const networks = networksOf(item);
  const time = format.time(placed.at);
  const state = t(`common:state.${item.status}`);
  const risk = isAhead(item) && item.readiness !== "ok" ? item.readiness : null;
  const RiskIcon = risk === "blocked" ? CircleX : TriangleAlert;

  return (
    <a
      ref={handle?.setNodeRef}
      {...handle?.listeners}
      href={`${basePath()}/posts/${item.id}`}
      onClick={(event) => open(event, item.id)}
      draggable={false}
      tabIndex={index === undefined ? undefined : -1}
      data-chip={index}
      data-cell={cell}
      data-post={item.id}
      title={`${time} · ${state} · ${item.title}`}
      className={cx(
        "min-w-0 gap-x-1.5 rounded-md px-1.5 py-1 text-left text-xs leading-tight hover:brightness-115",
        toneClass(stateTone(item.status)),
        roomy ? "flex min-h-10 items-center px-2.5 text-sm" : "grid grid-cols-[minmax(0,1fr)_auto]",
        isMoving && "outline-2 outline-accent-text outline-dashed",
        handle !== undefined && "cursor-grab",
      )}
    >
      <span className={cx("flex min-w-0 items-center gap-1.5", roomy && "shrink-0")}>
        <StateIcon state={item.status} />
        <span className="shrink-0 font-medium tabular-nums">{time}</span>
        <span className={cx("truncate", roomy && "w-20 sm:w-28")}>{state}</span>
      </span>
      <span className="flex shrink-0 items-center gap-1">
        {risk !== null && (
          <span className={cx("flex items-center gap-1", risk === "blocked" ? "text-danger-text" : "text-warning-text")}>
            <RiskIcon aria-hidden className="size-3.5" />
            <span className={roomy ? "max-sm:sr-only" : "sr-only"}>{t(`common:readiness.${risk}`)}</span>
          </span>
        )}
        <span className="flex -space-x-1" aria-hidden>
          {networks.slice(0, 3).map((network) => (
            <NetworkGlyph key={network} network={network} size="sm" decorative />
          ))}
        </span>
        <span className="sr-only">{networks.map(networkName).join(", ")}</span>
      </span>
      <span className={cx("flex min-w-0 items-center gap-1.5 text-text", roomy ? "flex-1" : "col-span-2 mt-0.5")}>
        {item.thumbnail_url !== null && <img src={item.thumbnail_url} alt="" loading="lazy" draggable={false} className={cx("shrink-0 rounded-sm object-cover", roomy ? "size-7" : "size-4")} />}
        <span className="truncate">{item.title === "" ? t("chip.untitled") : item.title}</span>
      </span>
    </a>
  );
});

// A chip in the grid that can be dragged, where the post's state and the person's role allow.
export function GridChip({ mayMove, ...props }: ChipProps & { mayMove: boolean }) {
  return mayMove && isMovable(props.placed.item) ? <DraggableChip {...props} /> : <Chip {...props} />;
}

function DraggableChip(props: ChipProps) {
  const { item } = props.placed;
  const { listeners, setNodeRef, isDragging } = useDraggable({ id: `${item.id}-${props.cell ?? ""}`, data: { placed: props.placed } });
  return <Chip {...props} isMoving={isDragging || props.isMoving === true} handle={{ listeners, setNodeRef }} />;
}
