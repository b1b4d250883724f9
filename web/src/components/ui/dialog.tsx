import type { ReactNode } from "react";
import { Dialog as Radix } from "radix-ui";
import { X } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Button, type ButtonVariant } from "@/components/ui/button";
import { cx } from "@/lib/cx";

export type DialogProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: ReactNode;
  // One sentence under the title; read out with it.
  description?: ReactNode;
  children?: ReactNode;
  footer?: ReactNode;
  wide?: boolean;
};

export function Dialog({ open, onOpenChange, title, description, children, footer, wide = false }: DialogProps) {
  const { t } = useTranslation();
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className="fade fixed inset-0 z-40 bg-black/60" />
        <Radix.Content
          {...(description == null ? { "aria-describedby": undefined } : {})}
          className={cx(
            "appear fixed z-50 flex max-h-[calc(100dvh-2rem)] w-full flex-col gap-4 overflow-y-auto bg-surface p-5 shadow-raised outline-none sm:p-6",
            "inset-x-0 bottom-0 rounded-t-2xl sm:inset-x-auto sm:bottom-auto sm:top-1/2 sm:left-1/2 sm:-translate-1/2 sm:rounded-card",
            wide ? "sm:max-w-3xl" : "sm:max-w-lg",
          )}
        >
          <div className="flex items-start gap-4">
            <div className="grid min-w-0 flex-1 gap-1">
              <Radix.Title className="text-lg font-semibold">{title}</Radix.Title>
              {description != null && <Radix.Description className="text-muted">{description}</Radix.Description>}
            </div>
            <Radix.Close asChild>
              <Button
                variant="ghost"
                size="icon"
                aria-label={t("action.close")}
                className="-mt-1 -mr-2"
                icon={<X aria-hidden className="size-4" />}
              />
            </Radix.Close>
          </div>
          {children}
          {footer != null && <div className="flex flex-wrap justify-end gap-2 pt-1">{footer}</div>}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

export type ConfirmProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  // Names the thing: "Disconnect @anna on Mastodon?"
  title: ReactNode;
  description: ReactNode;
  confirmLabel: string;
  variant?: ButtonVariant;
  busy?: boolean;
  onConfirm: () => void;
  children?: ReactNode;
};

export function ConfirmDialog({
  open,
  onOpenChange,
  title,
  description,
  confirmLabel,
  variant = "danger",
  busy = false,
  onConfirm,
  children,
}: ConfirmProps) {
  const { t } = useTranslation();
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={title}
      description={description}
      footer={
        <>
          <Button onClick={() => onOpenChange(false)}>{t("action.cancel")}</Button>
          <Button variant={variant} busy={busy} onClick={onConfirm}>
            {confirmLabel}
          </Button>
        </>
      }
    >
      {children}
    </Dialog>
  );
}
