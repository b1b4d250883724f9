import { Link, Outlet } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Page } from "@/components/ui/page";
import { PageHeader } from "@/components/ui/page_header";
import { useCanIn } from "@/lib/workspace/context";
import type { Permission } from "@/lib/workspace/rights";

const sections: readonly { to: "/settings/workspace" | "/settings/brands" | "/settings/team"; label: string; permission: Permission }[] = [
  { to: "/settings/workspace", label: "workspace.title", permission: "workspace.settings" },
  { to: "/settings/brands", label: "brands.title", permission: "brands.view" },
  { to: "/settings/team", label: "team.title", permission: "users.view" },
];

export default function SettingsLayout() {
  const { t } = useTranslation("settings");
  const canIn = useCanIn();
  return (
    <Page narrow>
      <PageHeader title={t("title")} />
      <nav aria-label={t("title")} className="mb-5 flex gap-1 overflow-x-auto border-b border-hairline">
        {sections
          .filter(({ permission }) => canIn(permission))
          .map(({ to, label }) => (
            <Link
              key={to}
              to={to}
              className="-mb-px flex h-10 shrink-0 items-center border-b-2 border-transparent px-3 font-medium text-muted -outline-offset-2 hover:text-text"
              activeProps={{ className: "border-accent! text-text!", "aria-current": "page" }}
            >
              {t(label)}
            </Link>
          ))}
      </nav>
      <Outlet />
    </Page>
  );
}
