import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import type { Resolution } from "../api/actions";

type Choice = "live" | "send_again" | "give_up";
const choices: readonly Choice[] = ["live", "send_again", "give_up"];

// Nobody knows whether the network took it: a person looks there and says so.
export function ResolveDialog({ network, busy, onConfirm, onClose }: { network: string; busy: boolean; onConfirm: (resolution: Resolution) => void; onClose: () => void }) {
  const { t } = useTranslation("posts");
  const [choice, setChoice] = useState<Choice | null>(null);
  const [url, setUrl] = useState("");
  const isUrl = url === "" || /^https?:\/\/\S+$/.test(url);
  const submit = (): void => {
    if (choice === "live") onConfirm({ outcome: "live", ...(url !== "" && { remote_url: url }) });
    else if (choice !== null) onConfirm({ outcome: "not_live", then: choice });
  };
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t("resolve.title", { network })}
      description={t("resolve.text", { network })}
      footer={
        <Button variant="primary" busy={busy} disabled={choice === null || !isUrl} onClick={submit}>
          {t("resolve.confirm")}
        </Button>
      }
    >
      <fieldset className="grid gap-2">
        <legend className="sr-only">{t("resolve.title", { network })}</legend>
        {choices.map((name) => (
          <label key={name} className="flex cursor-pointer items-start gap-3 rounded-lg bg-page p-3">
            <input type="radio" name="resolution" checked={choice === name} onChange={() => setChoice(name)} className="mt-1 accent-(--accent-solid)" />
            <span>
              <span className="block font-medium">{t(`resolve.${name}.title`)}</span>
              <span className="block text-sm text-muted">{t(`resolve.${name}.text`, { network })}</span>
            </span>
          </label>
        ))}
      </fieldset>
      {choice === "live" && (
        <Field label={t("complete.url")} error={isUrl ? null : t("complete.urlWrong")}>
          <Input type="url" inputMode="url" placeholder="https://" value={url} onChange={(event) => setUrl(event.target.value.trim())} />
        </Field>
      )}
    </Dialog>
  );
}
