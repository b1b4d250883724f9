import { useMemo } from "react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { ErrorState } from "@/components/ui/error_state";
import { Page } from "@/components/ui/page";
import { PageHeader } from "@/components/ui/page_header";
import { Skeleton } from "@/components/ui/skeleton";
import { boardOf, boardRange } from "@/features/dashboard/board";
import { Attention } from "@/features/dashboard/components/attention";
import { FirstSteps } from "@/features/dashboard/components/first_steps";
import { FlightBoard } from "@/features/dashboard/components/flight_board";
import { LastPosts, NextPosts } from "@/features/dashboard/components/post_lists";
import { WeekStrip } from "@/features/dashboard/components/week_strip";
import { useNow } from "@/hooks/use_now";
import { accountsQuery, calendarQuery } from "@/lib/api/queries";
import { useBrandFilter, useCan, useFormat, useWorkspace } from "@/lib/workspace/context";

export default function DashboardPage() {
  const { t } = useTranslation("dashboard");
  const workspace = useWorkspace();
  const format = useFormat();
  const now = useNow();
  const mayView = useCan("posts.view");
  return (
    <Page>
      <PageHeader title={t("title")} description={`${format.longDate(now)} · ${format.time(now)} ${format.zoneName(now)}`} />
      {mayView ? <Overview now={now} /> : <p className="text-muted">{t("nothingForRole", { name: workspace.name })}</p>}
    </Page>
  );
}

function Overview({ now }: { now: Date }) {
  const workspace = useWorkspace();
  const [brand] = useBrandFilter();
  const zone = workspace.time_zone;
  const { from, to } = boardRange(now, zone);
  const calendar = useQuery(calendarQuery(workspace.id, { from, to, ...(brand === null ? {} : { brand_id: brand.id }) }));
  const mayViewAccounts = useCan("accounts.view");
  const accounts = useQuery({ ...accountsQuery(workspace.id), enabled: mayViewAccounts });
  const board = useMemo(() => (calendar.data === undefined ? null : boardOf(calendar.data.data, now, zone)), [calendar.data, now, zone]);

  if (calendar.isError) return <ErrorState error={calendar.error} onRetry={() => void calendar.refetch()} />;
  if (board === null) return <Skeleton className="h-36" />;
  const isNew = accounts.data?.length === 0 && calendar.data?.data.length === 0;
  if (isNew) return <FirstSteps />;
  return (
    <div className="grid gap-4 lg:grid-cols-3">
      <div className="grid content-start gap-4 lg:col-span-2">
        <FlightBoard planned={board.planned} atRisk={board.atRisk} />
        <WeekStrip week={board.week} />
        <NextPosts items={board.next} />
      </div>
      <div className="grid content-start gap-4">
        <Attention accounts={accounts.data ?? []} />
        <LastPosts items={board.last} />
      </div>
    </div>
  );
}
