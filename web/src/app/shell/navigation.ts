// The places of the app, for sidebar, bottom bar, palette and shortcuts alike.
import { CalendarDays, LayoutDashboard, ListChecks, Settings, Share2, Wrench, type LucideIcon } from "lucide-react";
import { useSessionUser, useCanIn } from "@/lib/workspace/context";
import type { Permission } from "@/lib/workspace/rights";

export type Place = {
  to: "/" | "/calendar" | "/posts" | "/accounts" | "/settings" | "/system/network-apps";
  // Key in common.json's "nav".
  label: "dashboard" | "calendar" | "posts" | "accounts" | "settings" | "system";
  icon: LucideIcon;
  // Second key after `g`.
  key: string;
  // Any one of them is enough; none = everybody.
  permissions: readonly Permission[];
  systemAdmin?: true;
};

const places: readonly Place[] = [
  { to: "/", label: "dashboard", icon: LayoutDashboard, key: "d", permissions: [] },
  { to: "/calendar", label: "calendar", icon: CalendarDays, key: "c", permissions: ["posts.view"] },
  { to: "/posts", label: "posts", icon: ListChecks, key: "p", permissions: ["posts.view"] },
  { to: "/accounts", label: "accounts", icon: Share2, key: "a", permissions: ["accounts.view"] },
  { to: "/settings", label: "settings", icon: Settings, key: "s", permissions: ["workspace.settings", "brands.view", "users.view"] },
  { to: "/system/network-apps", label: "system", icon: Wrench, key: "y", permissions: [], systemAdmin: true },
];

export function usePlaces(): Place[] {
  const canIn = useCanIn();
  const user = useSessionUser();
  return places.filter(
    (place) =>
      (place.permissions.length === 0 || place.permissions.some((permission) => canIn(permission))) &&
      (place.systemAdmin !== true || user?.is_system_admin === true),
  );
}
