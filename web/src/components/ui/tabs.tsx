import type { ReactNode } from "react";
import { Tabs as Radix } from "radix-ui";
import { cx } from "@/lib/cx";

export type TabItem = { value: string; label: ReactNode };

export type TabsProps = {
  value: string;
  onValueChange: (value: string) => void;
  // Names the set to screen readers.
  label: string;
  items: readonly TabItem[];
  // TabPanel children.
  children: ReactNode;
  className?: string;
};

export function Tabs({ value, onValueChange, label, items, children, className }: TabsProps) {
  return (
    <Radix.Root value={value} onValueChange={onValueChange} className={className}>
      <Radix.List aria-label={label} className="flex gap-1 overflow-x-auto border-b border-hairline">
        {items.map((item) => (
          <Radix.Trigger
            key={item.value}
            value={item.value}
            className={cx(
              "-mb-px flex h-10 shrink-0 items-center gap-2 border-b-2 border-transparent px-3 font-medium text-muted -outline-offset-2",
              "hover:text-text data-[state=active]:border-accent data-[state=active]:text-text",
            )}
          >
            {item.label}
          </Radix.Trigger>
        ))}
      </Radix.List>
      {children}
    </Radix.Root>
  );
}

export function TabPanel({ value, children, className }: { value: string; children: ReactNode; className?: string }) {
  return (
    <Radix.Content value={value} className={cx("outline-offset-4", className)}>
      {children}
    </Radix.Content>
  );
}
