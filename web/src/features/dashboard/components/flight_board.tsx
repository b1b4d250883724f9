import { useQueries } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { PlaneTakeoff } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Badge } from "@/components/ui/badge";
import { buttonClass } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { NetworkGlyph } from "@/components/ui/network_glyph";
import { Time } from "@/components/ui/time";
import { fixOf, reasonsOf } from "@/features/dashboard/reasons";
import { postQuery } from "@/lib/api/queries";
import type { CalendarItem, Post } from "@/lib/api/types";
import { useWorkspace } from "@/lib/workspace/context";

// More than these are in the calendar, marked.
const listed = 5;

// "37 of 38 posts of the next 7 days will go out", and each other one with its reason and the click that mends it.
export function FlightBoard({ planned, atRisk }: { planned: CalendarItem[]; atRisk: CalendarItem[] }) {
  const { t } = useTranslation("dashboard");
  const workspace = useWorkspace();
  const shown = atRisk.slice(0, listed);
  // The calendar says that something is wrong; the post itself says what.
  const posts = useQueries({ queries: shown.map((item) => postQuery(workspace.id, item.id)) });
  const good = planned.length - atRisk.length;
  return (
    <Card>
      <div className="flex items-center gap-4">
        <span
          aria-hidden
          className="hidden size-12 shrink-0 items-center justify-center rounded-full bg-accent-fill text-accent-text sm:flex"
        >
          <PlaneTakeoff className="size-6" />
        </span>
        <div>
          <h2 className="text-xl font-semibold tracking-tight">
            {planned.length === 0 ? t("board.none") : t("board.title", { count: planned.length, good })}
          </h2>
          <p className="text-muted">
            {planned.length === 0
              ? t("board.noneAbout")
              : atRisk.length === 0
                ? t("board.allGood")
                : t("board.atRisk", { count: atRisk.length })}
          </p>
        </div>
      </div>
      {planned.length > 0 && (
        <div aria-hidden className="mt-4 flex h-1.5 gap-0.5 overflow-hidden rounded-full">
          <span className="rounded-full bg-success" style={{ flexGrow: good }} />
          {atRisk.length > 0 && <span className="rounded-full bg-warning" style={{ flexGrow: atRisk.length }} />}
        </div>
      )}
      {shown.length > 0 && (
        <ul className="mt-4 divide-y divide-hairline">
          {shown.map((item, index) => (
            <Risk key={item.id} item={item} post={posts[index]?.data} />
          ))}
        </ul>
      )}
      {atRisk.length > listed && (
        <Link to="/calendar" className="mt-2 inline-block text-sm text-accent-text underline">
          {t("board.more", { count: atRisk.length - listed })}
        </Link>
      )}
    </Card>
  );
}

function Risk({ item, post }: { item: CalendarItem; post: Post | undefined }) {
  const { t } = useTranslation("dashboard");
  const reasons = reasonsOf(item, post);
  const fix = fixOf(item, reasons);
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-2 py-3">
      <div className="min-w-0 flex-1 basis-60">
        <p className="flex items-center gap-2">
          <Badge tone={item.readiness === "blocked" ? "danger" : "warning"}>
            {t(item.readiness === "blocked" ? "common:readiness.blocked" : "common:readiness.at_risk")}
          </Badge>
          <span className="truncate">{item.title}</span>
        </p>
        <p className="mt-1 flex flex-wrap items-center gap-2 text-sm text-muted">
          <Time at={item.scheduled_at} />
          {[...new Set(item.targets.map(({ network }) => network))].map((network) => (
            <NetworkGlyph key={network} network={network} size="sm" />
          ))}
          <span className="min-w-0">{reasons.map(({ code, message }) => message ?? t(`reason.${code}`)).join(" ")}</span>
        </p>
      </div>
      {fix === "reconnect" ? (
        <Link to="/accounts" className={buttonClass("secondary", "sm")}>
          {t("fix.reconnect")}
        </Link>
      ) : (
        <Link to="/posts/$postId" params={{ postId: item.id }} className={buttonClass("secondary", "sm")}>
          {t(`fix.${fix}`)}
        </Link>
      )}
    </li>
  );
}
