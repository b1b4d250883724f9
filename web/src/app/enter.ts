// The gate before every signed-in page: who is there, and which workspace is meant.
import type { QueryClient } from "@tanstack/react-query";
import { defaultParseSearch, redirect } from "@tanstack/react-router";
import { setupQuery, workspaceQuery, workspacesQuery } from "@/lib/api/queries";
import { session } from "@/lib/api/session";
import { loadTexts, setLanguage } from "@/lib/i18n";
import { lastWorkspace } from "@/lib/workspace/context";

export type Entered = { workspaceId: string };

export async function enterApp(client: QueryClient, here: string): Promise<Entered> {
  const state = await session.restore();
  if (state.status !== "signed_in") {
    const setup = await client.query({ ...setupQuery(), staleTime: 0 });
    if (setup.needed) throw redirect({ to: "/setup" });
    throw redirect({ to: "/sign-in", search: here === "/" ? {} : { next: here } });
  }
  setLanguage(state.user.locale);
  const texts = loadTexts("shell", "pausing");
  const workspaceId = await chooseWorkspace(client);
  await client.query({ ...workspaceQuery(workspaceId), staleTime: "static" });
  await texts;
  return { workspaceId };
}

// Whoever has a session already goes on to where they wanted. Asking also tells whether a wrong setting is in the way.
export async function skipSignIn(next: string | undefined): Promise<void> {
  const state = await session.restore();
  if (state.status !== "signed_in") return;
  const { pathname, search } = new URL(next ?? "/", window.location.origin);
  throw redirect({ to: pathname, search: defaultParseSearch(search), replace: true });
}

// The one open last, if it is still the person's; else the first.
async function chooseWorkspace(client: QueryClient): Promise<string> {
  const last = lastWorkspace.get();
  // Asked for at the same time as the list; a foreign or deleted one is simply not in it.
  if (last !== null) client.query({ ...workspaceQuery(last), staleTime: "static" }).catch(() => undefined);
  const all = await client.query({ ...workspacesQuery(), staleTime: "static" });
  const chosen = all.find((workspace) => workspace.id === last) ?? all[0];
  if (chosen === undefined) throw new NoWorkspace();
  if (chosen.id !== last) lastWorkspace.set(chosen.id);
  return chosen.id;
}

// The person is signed in but belongs to no workspace: removed from the last one, or invited to none yet.
export class NoWorkspace extends Error {
  override readonly name = "NoWorkspace";
}
