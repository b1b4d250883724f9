import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { buttonClass } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { NetworkGlyph } from "@/components/ui/network_glyph";
import { StateBadge } from "@/components/ui/state_badge";
import { Time } from "@/components/ui/time";
import type { CalendarItem } from "@/lib/api/types";
import { useCan } from "@/lib/workspace/context";

const listed = 8;

export function NextPosts({ items }: { items: CalendarItem[] }) {
  const { t } = useTranslation("dashboard");
  const mayCompose = useCan("posts.create");
  return (
    <Card
      title={t("next.title")}
      action={
        items.length > listed && (
          <Link to="/calendar" className="text-sm text-accent-text underline">
            {t("next.all", { count: items.length })}
          </Link>
        )
      }
    >
      {items.length === 0 ? (
        <div className="flex flex-wrap items-center justify-between gap-3">
          <p className="text-muted">{t("next.none")}</p>
          {mayCompose && (
            <Link to="/compose" className={buttonClass("secondary", "sm")}>
              {t("common:action.compose")}
            </Link>
          )}
        </div>
      ) : (
        <Rows items={items.slice(0, listed)} timeStyle="time" />
      )}
    </Card>
  );
}

export function LastPosts({ items }: { items: CalendarItem[] }) {
  const { t } = useTranslation("dashboard");
  return (
    <Card title={t("last.title")}>
      {items.length === 0 ? (
        <p className="text-muted">{t("last.none")}</p>
      ) : (
        <Rows items={items.slice(0, listed)} timeStyle="relative" compact />
      )}
    </Card>
  );
}

function Rows({ items, timeStyle, compact = false }: { items: CalendarItem[]; timeStyle: "time" | "relative"; compact?: boolean }) {
  const { t } = useTranslation("dashboard");
  return (
    <ul className="-mx-2">
      {items.map((item) => (
        <li key={item.id}>
          <Link to="/posts/$postId" params={{ postId: item.id }} className="flex items-center gap-3 rounded-lg px-2 py-2 hover:bg-raised">
            {!compact && <Time at={item.scheduled_at} style={timeStyle} className="w-16 shrink-0 font-medium" />}
            {item.thumbnail_url != null && (
              <img src={item.thumbnail_url} alt="" loading="lazy" className="size-9 shrink-0 rounded-md object-cover" />
            )}
            <span className="min-w-0 flex-1">
              <span className="block truncate">{item.title === "" ? t("untitled") : item.title}</span>
              {compact && <Time at={item.scheduled_at} style={timeStyle} className="text-sm text-muted" />}
            </span>
            <span className="flex shrink-0 gap-1">
              {[...new Set(item.targets.map(({ network }) => network))].map((network) => (
                <NetworkGlyph key={network} network={network} size="sm" />
              ))}
            </span>
            {(!compact || item.status !== "published") && <StateBadge state={item.status} className="hidden sm:inline-flex" />}
          </Link>
        </li>
      ))}
    </ul>
  );
}
