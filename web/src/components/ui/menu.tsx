// A button's menu. Menus stand on every page and are opened on few visits: until someone reaches for one, its
// trigger is just a button and Radix stays unloaded.
import { cloneElement, lazy, Suspense, useState, type KeyboardEvent, type ReactElement, type ReactNode } from "react";

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

const load = () => import("@/components/ui/menu_parts");
const OpenMenu = lazy(async () => ({ default: (await load()).OpenMenu }));
export const MenuItem = lazy(async () => ({ default: (await load()).MenuItem }));
export const MenuLabel = lazy(async () => ({ default: (await load()).MenuLabel }));
export const MenuSeparator = lazy(async () => ({ default: (await load()).MenuSeparator }));

export function Menu(props: MenuProps) {
  const [wanted, setWanted] = useState(false);
  const prepare = (): void => void load();
  const open = (): void => setWanted(true);
  const resting = cloneElement(props.trigger, {
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
  if (!wanted) return resting;
  return (
    <Suspense fallback={resting}>
      <OpenMenu {...props} />
    </Suspense>
  );
}
