import { Link, useNavigate } from "@tanstack/react-router";
import { Ellipsis, PauseCircle, PenSquare } from "lucide-react";
import { useTranslation } from "react-i18next";
import { usePlaces, type Place } from "@/app/shell/navigation";
import type { SetOverlay } from "@/app/shell/overlays";
import { Menu, MenuItem, MenuSeparator } from "@/components/ui/menu";
import { useCan } from "@/lib/workspace/context";

const itemClass = "flex min-w-0 flex-1 flex-col items-center justify-center gap-0.5 text-[11px] text-muted";
const shownDirectly = 3;

// Phones: the first places, compose in the middle, the rest behind "More".
export function BottomBar({ onOverlay }: { onOverlay: SetOverlay }) {
  const { t } = useTranslation("shell");
  const navigate = useNavigate();
  const places = usePlaces();
  const mayCompose = useCan("posts.create");
  const mayPause = useCan("posts.publish");
  const direct = places.slice(0, shownDirectly);
  const rest = places.slice(shownDirectly);
  return (
    <nav
      aria-label={t("common:nav.main")}
      className="fixed inset-x-0 bottom-0 z-20 flex h-16 bg-surface pb-[env(safe-area-inset-bottom)] shadow-raised md:hidden"
    >
      {direct.slice(0, 2).map((place) => (
        <BarLink key={place.to} place={place} />
      ))}
      {mayCompose && (
        <Link to="/compose" aria-label={t("common:action.compose")} className="flex flex-1 items-center justify-center">
          <span className="flex size-11 items-center justify-center rounded-full bg-accent-solid text-on-accent">
            <PenSquare aria-hidden className="size-5" />
          </span>
        </Link>
      )}
      {direct.slice(2).map((place) => (
        <BarLink key={place.to} place={place} />
      ))}
      <Menu
        side="top"
        align="end"
        trigger={
          <button type="button" className={itemClass}>
            <Ellipsis aria-hidden className="size-5" />
            {t("common:nav.more")}
          </button>
        }
      >
        {rest.map(({ to, label, icon: Icon }) => (
          <MenuItem key={to} icon={<Icon aria-hidden className="size-4" />} onSelect={() => void navigate({ to })}>
            {t(`common:nav.${label}`)}
          </MenuItem>
        ))}
        {mayPause && (
          <>
            <MenuSeparator />
            <MenuItem icon={<PauseCircle aria-hidden className="size-4" />} onSelect={() => onOverlay("pause")}>
              {t("pausing:control.pause")}
            </MenuItem>
          </>
        )}
      </Menu>
    </nav>
  );
}

function BarLink({ place: { to, label, icon: Icon } }: { place: Place }) {
  const { t } = useTranslation();
  return (
    <Link
      to={to}
      activeOptions={{ exact: to === "/" }}
      className={itemClass}
      activeProps={{ className: "text-text!", "aria-current": "page" }}
    >
      <Icon aria-hidden className="size-5" />
      <span className="truncate">{t(`nav.${label}`)}</span>
    </Link>
  );
}
