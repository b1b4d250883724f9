import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy_button";
import { Dialog } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import type { Target } from "@/lib/api/types";

// What a person posts in the network's own app: the text to copy, then "done" with a link.
export function CompleteDialog({ target, busy, onConfirm, onClose }: { target: Target; busy: boolean; onConfirm: (remoteUrl: string) => void; onClose: () => void }) {
  const { t } = useTranslation("posts");
  const [url, setUrl] = useState("");
  const isUrl = url === "" || /^https?:\/\/\S+$/.test(url);
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t("complete.title")}
      description={t("complete.text")}
      footer={
        <Button variant="primary" busy={busy} disabled={!isUrl} onClick={() => onConfirm(url)}>
          {t("complete.confirm")}
        </Button>
      }
    >
      <div className="grid gap-2 rounded-lg bg-page p-3">
        <p className="wrap-anywhere whitespace-pre-wrap">{target.effective_content.body}</p>
        <div className="justify-self-end">
          <CopyButton text={target.effective_content.body} label={t("complete.copy")} />
        </div>
      </div>
      <Field label={t("complete.url")} error={isUrl ? null : t("complete.urlWrong")}>
        <Input type="url" inputMode="url" placeholder="https://" value={url} onChange={(event) => setUrl(event.target.value.trim())} />
      </Field>
    </Dialog>
  );
}
