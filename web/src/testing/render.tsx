import type { ReactElement } from "react";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, type RenderResult } from "@testing-library/react";
import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import common from "@/locales/en/common.json";
import type { Workspace } from "@/lib/api/types";
import { WorkspaceProvider } from "@/lib/workspace/context";

export const workspace: Workspace = {
  id: "w1",
  name: "Nordlicht",
  slug: "nordlicht",
  time_zone: "Europe/Berlin",
  locale: "en",
  week_start: "monday",
  grace_minutes: 60,
  catch_up_gap_seconds: 60,
  catch_up_per_hour: 20,
  paused: null,
  my_permissions: ["posts.view", "posts.publish"],
  my_brand_permissions: {},
  version: 1,
  created_at: "2026-01-01T00:00:00.000Z",
  updated_at: "2026-01-01T00:00:00.000Z",
};

// Renders inside a workspace, with English texts. `texts` are the namespaces the component asks for.
export async function renderIn(element: ReactElement, texts: Record<string, object> = {}): Promise<RenderResult> {
  await i18next.use(initReactI18next).init({
    lng: "en",
    resources: { en: { common, ...texts } },
    defaultNS: "common",
    interpolation: { escapeValue: false },
  });
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  return render(
    <QueryClientProvider client={client}>
      <WorkspaceProvider workspace={workspace}>{element}</WorkspaceProvider>
    </QueryClientProvider>,
  );
}
