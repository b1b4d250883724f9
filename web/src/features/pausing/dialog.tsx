import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Dialog } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/input";
import { PauseForm } from "@/features/pausing/pause_form";
import { ResumeForm } from "@/features/pausing/resume_form";
import { useScopes } from "@/features/pausing/use_scopes";

// Pauses or resumes the workspace or one of its brands; opens on what is paused, if anything is.
export default function PauseDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation("pausing");
  const scopes = useScopes();
  const [chosenId, setChosenId] = useState<string | null>(null);
  const scope = scopes.find(({ id }) => id === chosenId) ?? scopes.find(({ pause }) => pause !== null) ?? scopes[0];
  if (scope === undefined) return null;
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={scope.pause === null ? t("dialog.pauseTitle") : t("dialog.resumeTitle", { name: scope.name })}
      description={t("dialog.about")}
    >
      {scopes.length > 1 && (
        <Field label={t("dialog.scope")}>
          <Select value={scope.id} onChange={(event) => setChosenId(event.target.value)}>
            {scopes.map(({ id, kind, name, pause }) => (
              <option key={id} value={id}>
                {t(`dialog.${kind}`, { name })}
                {pause !== null ? ` · ${t("common:state.paused")}` : ""}
              </option>
            ))}
          </Select>
        </Field>
      )}
      {scope.pause === null ? (
        <PauseForm key={scope.id} scope={scope} onDone={onClose} />
      ) : (
        <ResumeForm key={scope.id} scope={scope} pause={scope.pause} onDone={onClose} />
      )}
    </Dialog>
  );
}
