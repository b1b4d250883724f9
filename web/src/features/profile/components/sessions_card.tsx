import { useQuery } from "@tanstack/react-query";
import { Laptop, Smartphone } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { ErrorState } from "@/components/ui/error_state";
import { Skeleton } from "@/components/ui/skeleton";
import { Time } from "@/components/ui/time";
import { sessionsQuery, useEndSession } from "@/features/profile/api/mutations";
import { deviceOf } from "@/features/profile/device";
import type { Session } from "@/lib/api/types";
import { showToast, toastError } from "@/lib/toast";

export function SessionsCard() {
  const { t } = useTranslation("profile");
  const sessions = useQuery(sessionsQuery());
  return (
    <Card title={t("sessions.title")}>
      <p className="mb-3 text-muted">{t("sessions.about")}</p>
      {sessions.isPending ? (
        <Skeleton className="h-12" />
      ) : sessions.isError ? (
        <ErrorState error={sessions.error} onRetry={() => void sessions.refetch()} />
      ) : (
        <ul className="divide-y divide-hairline">
          {sessions.data.map((session) => (
            <Row key={session.id} session={session} />
          ))}
        </ul>
      )}
    </Card>
  );
}

function Row({ session }: { session: Session }) {
  const { t } = useTranslation("profile");
  const end = useEndSession();
  const device = deviceOf(session.user_agent);
  const Icon = device.phone ? Smartphone : Laptop;
  const name = device.name === "" ? t("sessions.unknownDevice") : device.name;
  return (
    <li className="flex items-center gap-3 py-3">
      <Icon aria-hidden className="size-5 shrink-0 text-muted" />
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-2">
          <span className="truncate">{name}</span>
          {session.current && <Badge tone="success">{t("sessions.current")}</Badge>}
        </p>
        <p className="text-sm text-muted">
          {session.address !== "" && `${session.address} · `}
          {t("sessions.lastUsed")} <Time at={session.last_used_at} style="relative" />
        </p>
      </div>
      {!session.current && (
        <Button
          size="sm"
          busy={end.isPending}
          aria-label={t("sessions.endOf", { name })}
          onClick={() => end.mutate(session.id, { onError: toastError, onSuccess: () => showToast({ text: t("sessions.ended") }) })}
        >
          {t("sessions.end")}
        </Button>
      )}
    </li>
  );
}
