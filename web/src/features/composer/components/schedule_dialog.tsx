import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/components/ui/button";
import { DateTimeInput } from "@/components/ui/date_time_input";
import { Dialog } from "@/components/ui/dialog";
import { isApiError } from "@/lib/api/error";
import { useFormat, useWorkspace } from "@/lib/workspace/context";
import { instantToLocal, localToInstant } from "@/lib/zoned";
import type { LocalTime } from "../api/posts";

const hourMs = 3_600_000;

export type ScheduleDialogProps = {
  // The instant already planned, or null.
  planned: string | null;
  busy: boolean;
  // The server's refusal of the last try.
  error: unknown;
  onSchedule: (at: LocalTime) => void;
  onClose: () => void;
};

// A date and time on the workspace's clock. The past is refused here, with the reason.
export function ScheduleDialog({ planned, busy, error, onSchedule, onClose }: ScheduleDialogProps) {
  const { t } = useTranslation("composer");
  const { time_zone: zone } = useWorkspace();
  const format = useFormat();
  const [opened] = useState(() => Date.now());
  const [local, setLocal] = useState(() => instantToLocal(suggested(planned, opened), zone));
  // The time at which a past choice was refused.
  const [refusedAt, setRefusedAt] = useState<number | null>(null);
  const resolved = localToInstant(local, zone);
  const serverSays = isApiError(error) ? (error.errors[0]?.message ?? error.detail) : null;
  const submit = (): void => {
    // Choosing the present minute means now.
    const now = Date.now();
    const isAhead = resolved !== null && resolved.instant.getTime() > now;
    setRefusedAt(isAhead ? null : now);
    if (isAhead) onSchedule({ local, time_zone: zone });
  };
  const problem = refusedAt === null ? serverSays : resolved === null ? t("schedule.incomplete") : t("schedule.past", { time: format.time(refusedAt) });

  return (
    <Dialog
      open
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title={t("schedule.title")}
      description={t("schedule.text")}
      footer={
        <>
          <Button onClick={onClose}>{t("action.cancel", { ns: "common" })}</Button>
          <Button variant="primary" busy={busy} onClick={submit}>
            {t("schedule.confirm")}
          </Button>
        </>
      }
    >
      <DateTimeInput
        label={t("schedule.when")}
        value={local}
        zone={zone}
        min={instantToLocal(new Date(opened), zone)}
        error={problem}
        onChange={(next) => {
          setRefusedAt(null);
          setLocal(next);
        }}
      />
    </Dialog>
  );
}

// What was planned, while it lies ahead; else the next full hour.
function suggested(planned: string | null, now: number): Date {
  if (planned !== null && Date.parse(planned) > now) return new Date(planned);
  return new Date(Math.ceil((now + 1) / hourMs) * hourMs);
}
