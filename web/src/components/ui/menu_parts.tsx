// The parts of components/ui/menu.tsx that need Radix; loaded with the first menu that someone reaches for.
import type { ReactNode } from "react";
import { DropdownMenu as Radix } from "radix-ui";
import { Check } from "lucide-react";
import type { MenuItemProps, MenuProps } from "@/components/ui/menu";
import { cx } from "@/lib/cx";

const panelClass =
  "appear z-50 max-h-[min(24rem,var(--radix-dropdown-menu-content-available-height))] min-w-48 overflow-y-auto rounded-card bg-raised p-1 shadow-raised";
const itemClass =
  "flex min-h-9 items-center gap-2.5 rounded-md px-2.5 py-1.5 text-left outline-none select-none data-disabled:opacity-50 data-highlighted:bg-hairline";

// Mounted by the gesture that asks for it, so it starts open.
export function OpenMenu({ trigger, children, align = "start", side = "bottom", className }: MenuProps) {
  return (
    <Radix.Root modal={false} defaultOpen>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content align={align} side={side} sideOffset={6} collisionPadding={8} className={cx(panelClass, className)}>
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

export function MenuItem({ onSelect, icon, checked, danger = false, disabled = false, children }: MenuItemProps) {
  const content = (
    <>
      {icon != null && <span className="flex size-4 shrink-0 items-center justify-center">{icon}</span>}
      <span className="min-w-0 flex-1 truncate">{children}</span>
      {checked === true && <Check aria-hidden className="size-4 shrink-0" />}
    </>
  );
  const className = cx(itemClass, danger && "text-danger-text");
  if (checked !== undefined) {
    return (
      <Radix.CheckboxItem checked={checked} disabled={disabled} onSelect={onSelect} className={className}>
        {content}
      </Radix.CheckboxItem>
    );
  }
  return (
    <Radix.Item disabled={disabled} onSelect={onSelect} className={className}>
      {content}
    </Radix.Item>
  );
}

export function MenuLabel({ children }: { children: ReactNode }) {
  return <Radix.Label className="px-2.5 pt-2 pb-1 text-xs font-medium text-muted">{children}</Radix.Label>;
}

export function MenuSeparator() {
  return <Radix.Separator className="my-1 h-px bg-hairline" />;
}
