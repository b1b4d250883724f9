import { CircleAlert } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy_button";
import { isApiError } from "@/lib/api/error";

// What happened and what to do, in words; the request id is what support asks for.
export function ErrorState({ error, onRetry, title }: { error: unknown; onRetry?: () => void; title?: string }) {
  const { t } = useTranslation();
  const requestId = isApiError(error) ? error.requestId : null;
  return (
    <div role="alert" className="flex flex-col items-center gap-3 rounded-card bg-surface px-6 py-10 text-center">
      <span aria-hidden className="flex size-12 items-center justify-center rounded-full bg-danger-fill text-danger-text">
        <CircleAlert className="size-6" />
      </span>
      <p className="text-lg font-semibold">{title ?? t("error.title")}</p>
      <p className="max-w-prose text-muted">{isApiError(error) ? error.detail : t("error.unexpected")}</p>
      {requestId !== null && (
        <p className="flex items-center gap-1 text-sm text-muted">
          {t("error.requestId", { id: requestId })}
          <CopyButton text={requestId} label={t("error.copyRequestId")} />
        </p>
      )}
      {onRetry !== undefined && (
        <Button variant="primary" onClick={onRetry}>
          {t("action.retry")}
        </Button>
      )}
    </div>
  );
}
