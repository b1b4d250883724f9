import { Link } from "@tanstack/react-router";
import { PenSquare, Search } from "lucide-react";
import { useTranslation } from "react-i18next";
import { BrandSwitcher, WorkspaceSwitcher } from "@/app/shell/switchers";
import { ConnectionDot } from "@/app/shell/connection_dot";
import { usePlaces } from "@/app/shell/navigation";
import type { SetOverlay } from "@/app/shell/overlays";
import { SandboxLink } from "@/app/shell/sandbox_link";
import { UserMenu } from "@/app/shell/user_menu";
import { buttonClass } from "@/components/ui/button";
import { Kbd } from "@/components/ui/kbd";
import { PauseControl } from "@/features/pausing/control";
import { useCan } from "@/lib/workspace/context";

const rowClass = "flex h-9 items-center gap-3 rounded-lg px-3 text-muted transition-colors hover:bg-raised hover:text-text";

export function Sidebar({ onOverlay }: { onOverlay: SetOverlay }) {
  const { t } = useTranslation("shell");
  const places = usePlaces();
  const mayCompose = useCan("posts.create");
  return (
    <aside className="sticky top-0 hidden h-dvh flex-col gap-1 overflow-y-auto bg-surface p-3 md:flex">
      <WorkspaceSwitcher />
      <BrandSwitcher />
      {mayCompose && (
        <Link to="/compose" className={buttonClass("primary", "md", "mt-2 w-full")}>
          <PenSquare aria-hidden className="size-4" />
          {t("common:action.compose")}
        </Link>
      )}
      <button type="button" onClick={() => onOverlay("palette")} className={`${rowClass} mt-2 w-full`}>
        <Search aria-hidden className="size-4" />
        <span className="flex-1 text-left">{t("palette.open")}</span>
        <Kbd>{paletteKey}</Kbd>
      </button>
      <nav aria-label={t("common:nav.main")} className="grid gap-0.5">
        {places.map(({ to, label, icon: Icon }) => (
          <Link
            key={to}
            to={to}
            activeOptions={{ exact: to === "/" }}
            className={rowClass}
            activeProps={{ className: "bg-raised font-medium text-text!", "aria-current": "page" }}
          >
            <Icon aria-hidden className="size-4" />
            {t(`common:nav.${label}`)}
          </Link>
        ))}
      </nav>
      <div className="mt-auto grid gap-0.5 pt-4">
        <SandboxLink className={rowClass} />
        <PauseControl onOpen={() => onOverlay("pause")} className={rowClass} />
        <ConnectionDot className={rowClass} />
        <UserMenu onOverlay={onOverlay} />
      </div>
    </aside>
  );
}

const paletteKey = /Mac|iPhone|iPad/.test(navigator.userAgent) ? "⌘K" : "Ctrl K";
