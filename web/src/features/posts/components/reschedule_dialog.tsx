import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/components/ui/button";
import { DateTimeInput } from "@/components/ui/date_time_input";
import { Dialog } from "@/components/ui/dialog";
import { useWorkspace } from "@/lib/workspace/context";
import { instantToLocal, localToInstant } from "@/lib/zoned";

const hourMs = 3_600_000;

export function RescheduleDialog({ planned, busy, onConfirm, onClose }: { planned: string | null; busy: boolean; onConfirm: (at: string) => void; onClose: () => void }) {
  const { t } = useTranslation("posts");
  const { time_zone: zone } = useWorkspace();
  const [opened] = useState(() => Date.now());
  const [local, setLocal] = useState(() => {
    const ahead = planned !== null && Date.parse(planned) > opened ? Date.parse(planned) : Math.ceil((opened + 1) / hourMs) * hourMs;
    return instantToLocal(new Date(ahead), zone);
  });
  const [refused, setRefused] = useState(false);
  const submit = (): void => {
    const resolved = localToInstant(local, zone);
    const isAhead = resolved !== null && resolved.instant.getTime() > Date.now();
    setRefused(!isAhead);
    if (isAhead) onConfirm(resolved.instant.toISOString());
  };
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t("reschedule.title")}
      footer={
        <>
          <Button onClick={onClose}>{t("action.cancel", { ns: "common" })}</Button>
          <Button variant="primary" busy={busy} onClick={submit}>
            {t("reschedule.confirm")}
          </Button>
        </>
      }
    >
      <DateTimeInput
        label={t("reschedule.when")}
        value={local}
        zone={zone}
        min={instantToLocal(new Date(opened), zone)}
        error={refused ? t("reschedule.past") : null}
        onChange={(next) => {
          setRefused(false);
          setLocal(next);
        }}
      />
    </Dialog>
  );
}
