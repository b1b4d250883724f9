// Every page of the app: its address, who may open it, the code and texts it needs. Pages load when they are first
// needed and are fetched ahead when the pointer rests on a link.
import type { QueryClient } from "@tanstack/react-query";
import { createRootRouteWithContext, createRoute, createRouter, lazyRouteComponent, redirect } from "@tanstack/react-router";
import { enterApp, skipSignIn } from "@/app/enter";
import { NotFound, RouteError, RoutePending } from "@/app/fallbacks";
import { Root } from "@/app/root";
import { AppLayout } from "@/app/shell/layout";
import { validateSearch as validateCalendar } from "@/features/calendar/search";
import { validateSearch as validateComposer } from "@/features/composer/search";
import { validateSearch as validatePosts } from "@/features/posts/search";
import { accountsQuery } from "@/lib/api/queries";
import { queryClient } from "@/lib/api/query_client";
import { basePath } from "@/lib/base";
import { loadTexts } from "@/lib/i18n";
import type { Permission } from "@/lib/workspace/rights";

export type RouterContext = { queryClient: QueryClient };

declare module "@tanstack/react-router" {
  // eslint-disable-next-line @typescript-eslint/consistent-type-definitions -- merges into the router's own interface
  interface StaticDataRouteOption {
    // Without it the page explains who can open it.
    permission?: Permission;
    systemAdmin?: true;
  }
  // eslint-disable-next-line @typescript-eslint/consistent-type-definitions -- as above
  interface Register {
    router: typeof router;
  }
}

const rootRoute = createRootRouteWithContext<RouterContext>()({ component: Root, notFoundComponent: NotFound, errorComponent: RouteError });

type Next = { next?: string };
const validateNext = (search: Record<string, unknown>): Next =>
  typeof search["next"] === "string" && /^\/(?!\/)/.test(search["next"]) ? { next: search["next"] } : {};

const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/sign-in",
  validateSearch: validateNext,
  beforeLoad: ({ search }) => skipSignIn(search.next),
  loader: () => loadTexts("auth"),
  component: lazyRouteComponent(() => import("@/features/auth/sign_in_page")),
});

const setupRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/setup",
  loader: () => loadTexts("setup", "accounts"),
  component: lazyRouteComponent(() => import("@/features/setup/page")),
});

const appRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: "app",
  beforeLoad: ({ context, location }) => enterApp(context.queryClient, location.href),
  component: AppLayout,
});

const dashboardRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/",
  loader: () => loadTexts("dashboard"),
  component: lazyRouteComponent(() => import("@/features/dashboard/page")),
});

// New and stored posts share one page: a draft gets its id while it is being written, and the editor must not start
// anew. The child only holds the id.
const composeRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/compose",
  validateSearch: validateComposer,
  staticData: { permission: "posts.create" },
  loader: () => loadTexts("composer", "media"),
  component: lazyRouteComponent(() => import("@/features/composer/page")),
});

const composeStoredRoute = createRoute({ getParentRoute: () => composeRoute, path: "/$postId", component: () => null });

const calendarRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/calendar",
  validateSearch: validateCalendar,
  staticData: { permission: "posts.view" },
  loader: () => loadTexts("calendar", "posts"),
  component: lazyRouteComponent(() => import("@/features/calendar/page")),
});

const postsRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/posts",
  validateSearch: validatePosts,
  staticData: { permission: "posts.view" },
  loader: () => loadTexts("posts"),
  component: lazyRouteComponent(() => import("@/features/posts/page")),
});

const postRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/posts/$postId",
  staticData: { permission: "posts.view" },
  loader: () => loadTexts("posts"),
  component: lazyRouteComponent(() => import("@/features/posts/post_page")),
});

const accountsRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/accounts",
  staticData: { permission: "accounts.view" },
  loader: ({ context }) => {
    context.queryClient.query(accountsQuery(context.workspaceId)).catch(() => undefined);
    return loadTexts("accounts");
  },
  component: lazyRouteComponent(() => import("@/features/accounts/page")),
});

export type ConnectSearch = { connection?: string; error?: string };
const connectRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/accounts/connect",
  validateSearch: (search: Record<string, unknown>): ConnectSearch => ({
    ...(typeof search["connection"] === "string" && { connection: search["connection"] }),
    ...(typeof search["error"] === "string" && { error: search["error"] }),
  }),
  staticData: { permission: "accounts.connect" },
  loader: () => loadTexts("accounts"),
  component: lazyRouteComponent(() => import("@/features/accounts/connected_page")),
});

const profileRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/profile",
  loader: () => loadTexts("profile"),
  component: lazyRouteComponent(() => import("@/features/profile/page")),
});

const settingsRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/settings",
  loader: () => loadTexts("settings"),
  component: lazyRouteComponent(() => import("@/features/settings/layout")),
});

const settingsIndexRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/settings/workspace" });
  },
});

const workspaceSettingsRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: "/workspace",
  staticData: { permission: "workspace.settings" },
  component: lazyRouteComponent(() => import("@/features/settings/workspace_page")),
});

const brandSettingsRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: "/brands",
  staticData: { permission: "brands.view" },
  component: lazyRouteComponent(() => import("@/features/settings/brands_page")),
});

const teamSettingsRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: "/team",
  staticData: { permission: "users.view" },
  component: lazyRouteComponent(() => import("@/features/settings/team_page")),
});

const networkAppsRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/system/network-apps",
  staticData: { systemAdmin: true },
  loader: () => loadTexts("system"),
  component: lazyRouteComponent(() => import("@/features/system/network_apps_page")),
});

const routeTree = rootRoute.addChildren([
  signInRoute,
  setupRoute,
  appRoute.addChildren([
    dashboardRoute,
    composeRoute.addChildren([composeStoredRoute]),
    calendarRoute,
    postsRoute,
    postRoute,
    accountsRoute,
    connectRoute,
    profileRoute,
    settingsRoute.addChildren([settingsIndexRoute, workspaceSettingsRoute, brandSettingsRoute, teamSettingsRoute]),
    networkAppsRoute,
  ]),
]);

export const router = createRouter({
  routeTree,
  basepath: basePath() === "" ? "/" : basePath(),
  context: { queryClient },
  defaultPreload: "intent",
  // The query cache decides what is fresh.
  defaultPreloadStaleTime: 0,
  scrollRestoration: true,
  defaultErrorComponent: RouteError,
  defaultNotFoundComponent: NotFound,
  defaultPendingComponent: RoutePending,
  defaultPendingMs: 200,
  defaultPendingMinMs: 0,
});

// Starts to load the code of the page that the address names, before the router has asked who may see it.
export function preloadPage(): void {
  const { pathname } = router.latestLocation;
  const [matched] = router.getMatchedRoutes(pathname);
  for (const route of matched) {
    const { component: page } = route.options as { component?: unknown };
    const component = page as { preload?: () => Promise<void> } | undefined;
    void component?.preload?.();
  }
}
