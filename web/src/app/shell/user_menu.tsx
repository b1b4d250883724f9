import { useNavigate } from "@tanstack/react-router";
import { CircleUser, Keyboard, LogOut, Moon, Sun } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { SetOverlay } from "@/app/shell/overlays";
import { Avatar } from "@/components/ui/avatar";
import { Menu, MenuItem, MenuSeparator } from "@/components/ui/menu";
import { signOut } from "@/features/auth/api/sign_out";
import { usePreference } from "@/lib/preference";
import { resolvedTheme, themePreference } from "@/lib/theme";
import { useSessionUser } from "@/lib/workspace/context";

export function UserMenu({ onOverlay, compact = false }: { onOverlay: SetOverlay; compact?: boolean }) {
  const { t } = useTranslation("shell");
  const navigate = useNavigate();
  const user = useSessionUser();
  const [, setTheme] = usePreference(themePreference);
  if (user === null) return null;
  const other = resolvedTheme() === "dark" ? "light" : "dark";
  return (
    <Menu
      side={compact ? "bottom" : "top"}
      align={compact ? "end" : "start"}
      trigger={
        <button
          type="button"
          aria-label={t("user.menu", { name: user.name })}
          className="flex h-11 min-w-0 items-center gap-2.5 rounded-lg px-2 text-left hover:bg-raised data-[state=open]:bg-raised"
        >
          <Avatar name={user.name} size="sm" />
          {!compact && <span className="min-w-0 flex-1 truncate">{user.name}</span>}
        </button>
      }
    >
      <MenuItem icon={<CircleUser aria-hidden className="size-4" />} onSelect={() => void navigate({ to: "/profile" })}>
        {t("user.profile")}
      </MenuItem>
      <MenuItem
        icon={other === "light" ? <Sun aria-hidden className="size-4" /> : <Moon aria-hidden className="size-4" />}
        onSelect={() => setTheme(other)}
      >
        {t(`user.to_${other}`)}
      </MenuItem>
      <MenuItem icon={<Keyboard aria-hidden className="size-4" />} onSelect={() => onOverlay("shortcuts")}>
        {t("shortcuts.title")}
      </MenuItem>
      <MenuSeparator />
      <MenuItem icon={<LogOut aria-hidden className="size-4" />} onSelect={() => void signOut()}>
        {t("common:action.signOut")}
      </MenuItem>
    </Menu>
  );
}
