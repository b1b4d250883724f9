import { useCallback, useState } from "react";
import { useNavigate } from "@tanstack/react-router";
import { Siren } from "lucide-react";
import { useTranslation } from "react-i18next";
import { readAlarm, type Alarm } from "@/app/shell/alarms";
import type { LiveEvent } from "@/lib/live/socket";
import { useLiveEvent } from "@/lib/live/use_live";
import { showToast } from "@/lib/toast";

// Long enough to be seen by somebody who comes back to the desk.
const removalToastMs = 60_000;

// Publishing itself is in trouble (no worker alive, a clock that jumped): said on every page until it is over. The
// server tells it only to people who can do something about it.
export function AlarmBanner() {
  const { t } = useTranslation("shell");
  const navigate = useNavigate();
  const [alarms, setAlarms] = useState<readonly Alarm[]>([]);
  useLiveEvent(
    useCallback(
      (event: LiveEvent) => {
        const alarm = readAlarm(event);
        if (alarm === null) return;
        const { post } = alarm;
        // About one post, and never over: told once, with the way there.
        if (post !== null) {
          showToast({
            text: t(`alarm.${alarm.code}`, { defaultValue: t("alarm.post", { code: alarm.code }) }),
            tone: "danger",
            lasts: removalToastMs,
            action: { label: t("common:action.open"), run: () => void navigate({ to: "/posts/$postId", params: { postId: post } }) },
          });
          return;
        }
        setAlarms((current) => [...current.filter(({ key }) => key !== alarm.key), ...(alarm.raised ? [alarm] : [])]);
      },
      [navigate, t],
    ),
  );
  if (alarms.length === 0) return null;
  return (
    <div role="alert" className="flex items-start gap-3 bg-danger-fill px-4 py-2.5 text-danger-text sm:px-6">
      <Siren aria-hidden className="mt-0.5 size-4 shrink-0" />
      <div>
        {alarms.map(({ key, code, params }) => (
          <p key={key}>{t(`alarm.${code}`, { ...params, defaultValue: t("alarm.unnamed", { code }) })}</p>
        ))}
      </div>
    </div>
  );
}
