import { useState, type SyntheticEvent } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/components/ui/button";
import { DateTimeInput } from "@/components/ui/date_time_input";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { usePause } from "@/features/pausing/api";
import type { Scope } from "@/features/pausing/scope";
import { useHeldPreview } from "@/features/pausing/use_held_preview";
import { showToast } from "@/lib/toast";
import { fieldError, restOfError } from "@/lib/api/form_errors";
import { instantToLocal, localToInstant } from "@/lib/zoned";
import { useFormat, useWorkspace } from "@/lib/workspace/context";

export function PauseForm({ scope, onDone }: { scope: Scope; onDone: () => void }) {
  const { t } = useTranslation("pausing");
  const workspace = useWorkspace();
  const format = useFormat();
  const held = useHeldPreview(scope);
  const pause = usePause(workspace.id);
  const [reason, setReason] = useState("");
  const [until, setUntil] = useState("");

  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    const end = localToInstant(until, workspace.time_zone)?.instant.toISOString();
    pause.mutate(
      { scope, input: { reason: reason.trim(), ...(end === undefined ? {} : { until: end }) } },
      {
        onSuccess: () => {
          showToast({ text: t("pause.done", { name: scope.name }) });
          onDone();
        },
      },
    );
  };
  return (
    <form onSubmit={submit} className="grid gap-4">
      <p className="rounded-lg bg-raised px-3 py-2">
        {held === null
          ? t("common:state.loading")
          : held.count === 0
            ? t("pause.holdsNone")
            : t("pause.holds", { count: held.count, time: held.next === null ? "" : format.dateTime(held.next) })}
      </p>
      <Field label={t("pause.reason")} hint={t("pause.reasonHint")} error={fieldError(pause.error, "/reason")}>
        <Input value={reason} onChange={(event) => setReason(event.target.value)} required maxLength={200} autoFocus />
      </Field>
      <DateTimeInput
        label={t("pause.until")}
        value={until}
        onChange={setUntil}
        zone={workspace.time_zone}
        min={instantToLocal(new Date(), workspace.time_zone)}
        error={fieldError(pause.error, "/until")}
      />
      {restOfError(pause.error, ["/reason", "/until"]) !== null && (
        <p role="alert" className="text-danger-text">
          {restOfError(pause.error, ["/reason", "/until"])}
        </p>
      )}
      <div className="flex justify-end gap-2">
        <Button onClick={onDone}>{t("common:action.cancel")}</Button>
        <Button type="submit" variant="primary" busy={pause.isPending}>
          {t("pause.submit")}
        </Button>
      </div>
    </form>
  );
}
