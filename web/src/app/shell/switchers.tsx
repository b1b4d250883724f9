import { useQuery } from "@tanstack/react-query";
import { useNavigate, useRouter } from "@tanstack/react-router";
import { ChevronsUpDown, Layers } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Avatar } from "@/components/ui/avatar";
import { Menu, MenuItem, MenuLabel } from "@/components/ui/menu";
import { workspacesQuery } from "@/lib/api/queries";
import { lastWorkspace, useBrandFilter, useBrands, useWorkspace } from "@/lib/workspace/context";

const triggerClass = "flex h-11 w-full min-w-0 items-center gap-2.5 rounded-lg px-2 text-left hover:bg-raised data-[state=open]:bg-raised";

export function useSwitchWorkspace(): (id: string) => void {
  const router = useRouter();
  const navigate = useNavigate();
  return (id) => {
    lastWorkspace.set(id);
    void navigate({ to: "/" }).then(() => router.invalidate());
  };
}

export function WorkspaceSwitcher() {
  const { t } = useTranslation("shell");
  const workspace = useWorkspace();
  const all = useQuery(workspacesQuery()).data ?? [];
  const switchTo = useSwitchWorkspace();
  const shown = (
    <>
      <Avatar name={workspace.name} square size="sm" />
      <span className="min-w-0 flex-1 truncate font-semibold">{workspace.name}</span>
    </>
  );
  if (all.length < 2) return <div className="flex h-11 min-w-0 items-center gap-2.5 px-2">{shown}</div>;
  return (
    <Menu
      trigger={
        <button type="button" className={triggerClass} aria-label={t("switch.workspace", { name: workspace.name })}>
          {shown}
          <ChevronsUpDown aria-hidden className="size-4 shrink-0 text-muted" />
        </button>
      }
    >
      <MenuLabel>{t("switch.workspaces")}</MenuLabel>
      {all.map((candidate) => (
        <MenuItem
          key={candidate.id}
          checked={candidate.id === workspace.id}
          icon={<Avatar name={candidate.name} square size="sm" className="scale-75" />}
          onSelect={() => switchTo(candidate.id)}
        >
          {candidate.name}
        </MenuItem>
      ))}
    </Menu>
  );
}

// Narrows lists, calendar and dashboard to one brand; new posts and accounts start there.
export function BrandSwitcher() {
  const { t } = useTranslation("shell");
  const brands = useBrands();
  const [brand, choose] = useBrandFilter();
  if (brands.length < 2) return null;
  const name = brand?.name ?? t("common:brand.all");
  return (
    <Menu
      trigger={
        <button type="button" className={triggerClass} aria-label={t("switch.brand", { name })}>
          {brand === null ? <Layers aria-hidden className="mx-1 size-4 text-muted" /> : <Avatar name={brand.name} size="sm" />}
          <span className="min-w-0 flex-1 truncate">{name}</span>
          <ChevronsUpDown aria-hidden className="size-4 shrink-0 text-muted" />
        </button>
      }
    >
      <MenuItem checked={brand === null} icon={<Layers aria-hidden className="size-4" />} onSelect={() => choose(null)}>
        {t("common:brand.all")}
      </MenuItem>
      {brands.map((candidate) => (
        <MenuItem
          key={candidate.id}
          checked={candidate.id === brand?.id}
          icon={<Avatar name={candidate.name} size="sm" className="scale-75" />}
          onSelect={() => choose(candidate.id)}
        >
          {candidate.name}
        </MenuItem>
      ))}
    </Menu>
  );
}
