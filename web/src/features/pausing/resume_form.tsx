import { useState, type SyntheticEvent } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/components/ui/button";
import { useResume, type ResumeThen } from "@/features/pausing/api";
import type { Pause, Scope } from "@/features/pausing/scope";
import { showToast } from "@/lib/toast";
import { restOfError } from "@/lib/api/form_errors";
import { useFormat, useWorkspace } from "@/lib/workspace/context";

const choices: readonly ResumeThen[] = ["shift", "send", "mark_missed"];

// Says what is paused and what each way of resuming does with the posts that came due meanwhile.
export function ResumeForm({ scope, pause, onDone }: { scope: Scope; pause: Pause; onDone: () => void }) {
  const { t } = useTranslation("pausing");
  const workspace = useWorkspace();
  const format = useFormat();
  const resume = useResume(workspace.id);
  const [then, setThen] = useState<ResumeThen>("shift");
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    resume.mutate(
      { scope, input: { then } },
      {
        onSuccess: () => {
          showToast({ text: t("resume.done", { name: scope.name }), tone: "success" });
          onDone();
        },
      },
    );
  };
  const error = restOfError(resume.error, []);
  return (
    <form onSubmit={submit} className="grid gap-4">
      <div className="rounded-lg bg-raised px-3 py-2">
        <p>{t("resume.since", { time: format.dateTime(pause.since) })}</p>
        {pause.until !== null && <p>{t("resume.until", { time: format.dateTime(pause.until) })}</p>}
        {pause.reason !== "" && <p className="text-muted">{t("resume.reason", { reason: pause.reason })}</p>}
      </div>
      <fieldset className="grid gap-2">
        <legend className="mb-2 text-sm font-medium">{t("resume.question")}</legend>
        {choices.map((choice) => (
          <label key={choice} className="flex items-start gap-3 rounded-lg bg-raised p-3 has-checked:bg-accent-fill">
            <input
              type="radio"
              name="then"
              value={choice}
              checked={then === choice}
              onChange={() => setThen(choice)}
              className="mt-1 accent-(--accent-solid)"
            />
            <span>
              <span className="block font-medium">{t(`resume.${choice}`)}</span>
              <span className="block text-sm text-muted">{t(`resume.${choice}_about`)}</span>
            </span>
          </label>
        ))}
      </fieldset>
      {error !== null && (
        <p role="alert" className="text-danger-text">
          {error}
        </p>
      )}
      <div className="flex justify-end gap-2">
        <Button onClick={onDone}>{t("common:action.cancel")}</Button>
        <Button type="submit" variant="primary" busy={resume.isPending}>
          {t("resume.submit")}
        </Button>
      </div>
    </form>
  );
}
