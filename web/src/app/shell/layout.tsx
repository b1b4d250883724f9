import { useState } from "react";
import { useSuspenseQuery } from "@tanstack/react-query";
import { Outlet, useMatches } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Forbidden } from "@/app/fallbacks";
import { AlarmBanner } from "@/app/shell/alarm_banner";
import { BottomBar } from "@/app/shell/bottom_bar";
import { OverlayHost, type Overlay } from "@/app/shell/overlays";
import { Sidebar } from "@/app/shell/sidebar";
import { TopBar } from "@/app/shell/top_bar";
import { useShortcuts } from "@/app/shell/shortcuts";
import { useBrandAccent } from "@/app/shell/use_brand_accent";
import { PauseBanner } from "@/features/pausing/banner";
import { workspaceQuery } from "@/lib/api/queries";
import { useLive } from "@/lib/live/use_live";
import { useCanIn, useSessionUser, WorkspaceProvider } from "@/lib/workspace/context";
import type { Permission } from "@/lib/workspace/rights";

export function AppLayout() {
  const { workspaceId } = useAppContext();
  const { data: workspace } = useSuspenseQuery(workspaceQuery(workspaceId));
  return (
    <WorkspaceProvider workspace={workspace}>
      <Shell key={workspace.id} workspaceId={workspace.id} />
    </WorkspaceProvider>
  );
}

function useAppContext(): { workspaceId: string } {
  const workspaceId = useMatches({
    select: (matches) => matches.map((match) => ("workspaceId" in match.context ? match.context.workspaceId : undefined)).find(Boolean),
  });
  if (workspaceId === undefined) throw new Error("The signed-in layout was opened without its gate");
  return { workspaceId };
}

function Shell({ workspaceId }: { workspaceId: string }) {
  const { t } = useTranslation();
  const [overlay, setOverlay] = useState<Overlay>(null);
  useLive(workspaceId);
  useBrandAccent();
  useShortcuts(setOverlay);
  return (
    <div className="min-h-dvh md:grid md:grid-cols-[15rem_minmax(0,1fr)]">
      <a href="#main" className="sr-only z-50 rounded-lg bg-raised px-4 py-2 focus:not-sr-only focus:fixed focus:top-2 focus:left-2">
        {t("nav.skip")}
      </a>
      <Sidebar onOverlay={setOverlay} />
      <div className="flex min-h-dvh min-w-0 flex-col pb-16 md:pb-0">
        <TopBar onOverlay={setOverlay} />
        <AlarmBanner />
        <PauseBanner onManage={() => setOverlay("pause")} />
        <main id="main" tabIndex={-1} className="flex-1 outline-none">
          <Guarded />
        </main>
      </div>
      <BottomBar onOverlay={setOverlay} />
      <OverlayHost overlay={overlay} onOverlay={setOverlay} />
    </div>
  );
}

// The page, or who can open it.
function Guarded() {
  const canIn = useCanIn();
  const user = useSessionUser();
  const needed = useMatches({
    select: (matches): (Permission | "system")[] =>
      matches.flatMap(({ staticData }) =>
        staticData.systemAdmin === true ? ["system" as const] : staticData.permission === undefined ? [] : [staticData.permission],
      ),
  });
  const missing = needed.find((permission) => (permission === "system" ? user?.is_system_admin !== true : !canIn(permission)));
  return missing === undefined ? <Outlet /> : <Forbidden permission={missing} />;
}
