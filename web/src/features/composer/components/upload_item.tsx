import { CircleAlert, X } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Button } from "@/components/ui/button";
import { isApiError } from "@/lib/api/error";
import { useFormat } from "@/lib/workspace/context";
import { useComposer } from "../context";
import type { Upload } from "../use_uploads";

// A file on its way, or why it was refused.
export function UploadItem({ upload }: { upload: Upload }) {
  const { t } = useTranslation("composer");
  const { uploads } = useComposer();
  const format = useFormat();
  const percent = Math.round(upload.progress * 100);
  const { error } = upload;
  const reason = isApiError(error) ? (error.errors[0]?.message ?? error.detail) : t("media.failed");
  const cancel = (
    <Button variant="ghost" size="icon" aria-label={t("media.cancel", { name: upload.file.name })} icon={<X aria-hidden className="size-4" />} onClick={() => uploads.cancel(upload.id)} />
  );
  return (
    <li className="grid content-between gap-2 rounded-lg bg-raised p-3 text-sm">
      <div className="flex items-start gap-1">
        <p className="min-w-0 flex-1">
          <span className="block truncate font-medium">{upload.file.name}</span>
          <span className="text-muted">{format.bytes(upload.file.size)}</span>
        </p>
        {cancel}
      </div>
      {error === null ? (
        <div
          role="progressbar"
          aria-label={t("media.uploading", { name: upload.file.name })}
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={percent}
          className="h-1.5 overflow-hidden rounded-full bg-page"
        >
          <div className="h-full rounded-full bg-accent-solid transition-[width]" style={{ width: `${percent}%` }} />
        </div>
      ) : (
        <div className="grid justify-items-start gap-2">
          <p role="alert" className="flex gap-1.5 text-danger-text">
            <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
            {reason}
          </p>
          <Button size="sm" onClick={() => uploads.retry(upload.id)}>
            {t("action.retry", { ns: "common" })}
          </Button>
        </div>
      )}
    </li>
  );
}
