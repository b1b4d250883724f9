import { useCallback, useState } from "react";
import { useQuery } from "@tanstack/react-query";
import { Siren } from "lucide-react";
import { useTranslation } from "react-i18next";
import { healthQuery } from "@/lib/api/queries";
import { useLiveEvent } from "@/lib/live/use_live";
import type { LiveEvent } from "@/lib/live/socket";
import { useSessionUser } from "@/lib/workspace/context";

type Alarm = { code: string; message: string };

// Publishing itself is in trouble (no worker alive, a clock that jumped): said on every page until it is over.
// Administrators learn it from the health route too, everybody from the live event.
export function AlarmBanner() {
  const { t } = useTranslation("shell");
  const user = useSessionUser();
  const health = useQuery({ ...healthQuery(), enabled: user?.is_system_admin === true, refetchInterval: 60_000, retry: false });
  const [live, setLive] = useState<readonly Alarm[]>([]);
  useLiveEvent(
    useCallback((event: LiveEvent) => {
      const alarm = readAlarm(event);
      if (alarm === null) return;
      setLive((current) => [...current.filter(({ code }) => code !== alarm.code), ...(alarm.raised ? [alarm] : [])]);
    }, []),
  );
  const known = new Set(live.map(({ code }) => code));
  const alarms = [...live, ...(health.data?.alarms ?? []).filter(({ code }) => !known.has(code))];
  if (alarms.length === 0) return null;
  return (
    <div role="alert" className="flex items-start gap-3 bg-danger-fill px-4 py-2.5 text-danger-text sm:px-6">
      <Siren aria-hidden className="mt-0.5 size-4 shrink-0" />
      <div>
        {alarms.map(({ code, message }) => (
          <p key={code}>{message === "" ? t("alarm.unnamed", { code }) : message}</p>
        ))}
      </div>
    </div>
  );
}

// An alarm event says which one and whether it began or ended.
function readAlarm({ type, data }: LiveEvent): (Alarm & { raised: boolean }) | null {
  if (type !== "alarm" || typeof data !== "object" || data === null) return null;
  const { code, message, state } = data as { code?: unknown; message?: unknown; state?: unknown };
  if (typeof code !== "string") return null;
  return { code, message: typeof message === "string" ? message : "", raised: state !== "cleared" };
}
