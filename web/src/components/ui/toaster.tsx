import { useEffect, useRef, useState } from "react";
import { X } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Button } from "@/components/ui/button";
import { cx } from "@/lib/cx";
import { dismissToast, useToasts, type ToastItem } from "@/lib/toast";

export function Toaster() {
  const toasts = useToasts();
  const { t } = useTranslation();
  return (
    <section
      aria-label={t("toast.region")}
      className="pointer-events-none fixed inset-x-4 bottom-20 z-60 flex flex-col items-center gap-2 md:bottom-6"
    >
      <div role="status" aria-live="polite" className="contents">
        {toasts.map((toast) => (
          <Toast key={toast.id} toast={toast} />
        ))}
      </div>
    </section>
  );
}

function Toast({ toast }: { toast: ToastItem }) {
  const { t } = useTranslation();
  const [held, setHeld] = useState(false);
  const left = useRef(toast.lasts);
  useEffect(() => {
    if (held) return;
    const started = Date.now();
    const timer = setTimeout(() => dismissToast(toast.id), left.current);
    return () => {
      clearTimeout(timer);
      left.current -= Date.now() - started;
    };
  }, [held, toast.id]);
  const { action } = toast;
  return (
    // Resting the pointer or the focus on a message holds it; there is nothing here to operate.
    // eslint-disable-next-line jsx-a11y/no-static-element-interactions
    <div
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
      className={cx(
        "appear pointer-events-auto flex max-w-md items-center gap-3 rounded-card bg-raised py-2 pr-2 pl-4 shadow-raised",
        toast.tone === "danger" && "border-l-4 border-danger-text",
      )}
    >
      <div className="min-w-0">
        <p>{toast.text}</p>
        {toast.detail !== undefined && <p className="text-xs text-muted">{toast.detail}</p>}
      </div>
      {action !== undefined && (
        <Button
          size="sm"
          variant="ghost"
          className="text-accent-text"
          onClick={() => {
            dismissToast(toast.id, true);
            action.run();
          }}
        >
          {action.label}
        </Button>
      )}
      <Button
        variant="ghost"
        size="icon"
        aria-label={t("action.close")}
        icon={<X aria-hidden className="size-4" />}
        onClick={() => dismissToast(toast.id)}
      />
    </div>
  );
}
