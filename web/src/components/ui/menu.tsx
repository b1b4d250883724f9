// A button's menu. Menus stand on every page and are opened on few visits: until someone reaches for one, its
// trigger is just a button and Radix stays unloaded.
import { cloneElement, createContext, use, useState, type KeyboardEvent, type ReactElement, type ReactNode } from "react";
import type * as parts from "@/components/ui/menu_parts";

type TriggerProps = {
  onPointerEnter?: () => void;
  onFocus?: () => void;
  onClick?: () => void;
  onKeyDown?: (event: KeyboardEvent) => void;
  "aria-haspopup"?: "menu";
  "aria-expanded"?: boolean;
};

export type MenuProps = {
  // The button that opens it; receives the menu's aria attributes and handlers.
  trigger: ReactElement<TriggerProps>;
  // MenuItem, MenuLabel, MenuSeparator.
  children: ReactNode;
  align?: "start" | "center" | "end";
  side?: "top" | "bottom" | "left" | "right";
  className?: string;
};

export type MenuItemProps = {
  onSelect: () => void;
  icon?: ReactNode;
  // Marks the chosen one of several.
  checked?: boolean;
  danger?: boolean;
  disabled?: boolean;
  children: ReactNode;
};

type Parts = typeof parts;

let loaded: Promise<Parts> | null = null;
function load(): Promise<Parts> {
  loaded ??= import("@/components/ui/menu_parts");
  return loaded;
}

// Handed down instead of React.lazy: a suspended menu would open with React's pause for fallbacks.
const PartsContext = createContext<Parts | null>(null);

export function Menu(props: MenuProps) {
  const [parts, setParts] = useState<Parts | null>(null);
  const prepare = (): void => void load();
  const open = (): void => void load().then(setParts);
  if (parts !== null) {
    return (
      <PartsContext value={parts}>
        <parts.OpenMenu {...props} />
      </PartsContext>
    );
  }
  return cloneElement(props.trigger, {
    onPointerEnter: prepare,
    onFocus: prepare,
    onClick: open,
    onKeyDown: (event) => {
      if (event.key !== "ArrowDown") return;
      event.preventDefault();
      open();
    },
    "aria-haspopup": "menu",
    "aria-expanded": false,
  });
}

export function MenuItem(props: MenuItemProps) {
  const parts = useParts();
  return <parts.MenuItem {...props} />;
}

export function MenuLabel({ children }: { children: ReactNode }) {
  const parts = useParts();
  return <parts.MenuLabel>{children}</parts.MenuLabel>;
}

export function MenuSeparator() {
  const parts = useParts();
  return <parts.MenuSeparator />;
}

function useParts(): Parts {
  const parts = use(PartsContext);
  if (parts === null) throw new Error("A menu's entries belong inside Menu");
  return parts;
}
