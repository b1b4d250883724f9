import { Search } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { SetOverlay } from "@/app/shell/overlays";
import { BrandSwitcher, WorkspaceSwitcher } from "@/app/shell/switchers";
import { UserMenu } from "@/app/shell/user_menu";
import { Button } from "@/components/ui/button";

// Phones: what the sidebar's upper end holds.
export function TopBar({ onOverlay }: { onOverlay: SetOverlay }) {
  const { t } = useTranslation("shell");
  return (
    <header className="sticky top-0 z-20 flex items-center gap-1 bg-surface px-2 py-1 md:hidden">
      <div className="min-w-0 flex-1">
        <WorkspaceSwitcher />
      </div>
      <div className="max-w-[40%] min-w-0">
        <BrandSwitcher />
      </div>
      <Button
        variant="ghost"
        size="icon"
        aria-label={t("palette.open")}
        onClick={() => onOverlay("palette")}
        icon={<Search aria-hidden className="size-4.5" />}
      />
      <UserMenu onOverlay={onOverlay} compact />
    </header>
  );
}
