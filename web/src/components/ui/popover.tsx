import type { ReactNode } from "react";
import { Popover as Radix } from "radix-ui";
import { cx } from "@/lib/cx";

export type PopoverProps = {
  trigger: ReactNode;
  // Says what it is to screen readers.
  label: string;
  children: ReactNode;
  align?: "start" | "center" | "end";
  side?: "top" | "bottom" | "left" | "right";
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  className?: string;
};

export function Popover({ trigger, label, children, align = "start", side = "bottom", open, onOpenChange, className }: PopoverProps) {
  return (
    <Radix.Root {...(open === undefined ? {} : { open })} {...(onOpenChange === undefined ? {} : { onOpenChange })}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          aria-label={label}
          align={align}
          side={side}
          sideOffset={6}
          collisionPadding={8}
          className={cx(
            "appear z-50 max-h-(--radix-popover-content-available-height) overflow-y-auto rounded-card bg-raised p-3 shadow-raised outline-none",
            className,
          )}
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
