import { useCallback, useEffect, useMemo, useState, useSyncExternalStore } from "react";
import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { ConfirmDialog } from "@/components/ui/dialog";
import { keys } from "@/lib/api/keys";
import type { Account, Brand, Issue, Label, Network, Post } from "@/lib/api/types";
import { useCan, useWorkspace } from "@/lib/workspace/context";
import { saverIo } from "../api/posts";
import { ComposerProvider, type Composer } from "../context";
import { type Draft, draftFromPost, effectiveContent, findTarget, type Scope } from "../model/draft";
import { placeOf } from "../model/issues";
import { destinationsOf } from "../model/rules";
import { createComposerStore } from "../model/store";
import { useLeaving, type Leaving } from "../use_leaving";
import { usePreflight } from "../use_preflight";
import { useUploads } from "../use_uploads";
import { AccountPicker } from "./account_picker";
import { ActionBar } from "./action_bar";
import { ContentEditor } from "./content_editor";
import { IssueList } from "./issue_list";
import { LabelPicker } from "./label_picker";
import { MergeDialog } from "./merge_dialog";
import { Notices } from "./notices";
import { PreviewPanel } from "./preview_panel";
import { ScopeTabs } from "./scope_tabs";

export type EditorProps = {
  // The stored post, or null for a new one.
  post: Post | null;
  start: () => Draft;
  brands: readonly Brand[];
  accounts: readonly Account[];
  networks: readonly Network[];
  labels: readonly Label[];
  onCreated: (id: string) => void;
};

export function Editor({ post, start, brands, accounts, networks, labels, onCreated }: EditorProps) {
  const { t } = useTranslation("composer");
  const { id: ws } = useWorkspace();
  const client = useQueryClient();
  const [store] = useState(() =>
    createComposerStore({
      io: saverIo(ws),
      post,
      draft: post === null ? start() : draftFromPost(post),
      // What is scheduled changes only when the person says so.
      automatic: post === null || post.status === "draft",
      onCreated(created) {
        client.setQueryData(keys.post(ws, created.id), created);
        onCreated(created.id);
      },
    }),
  );
  const snapshot = useSyncExternalStore(store.subscribe, store.get);
  const { draft, save, stored } = snapshot;
  const [chosenScope, setScope] = useState<Scope>("all");
  const [merging, setMerging] = useState(true);
  // A tab whose account was taken out falls back to the shared text.
  const scope = chosenScope === "all" || findTarget(draft, chosenScope) ? chosenScope : "all";
  const uploads = useUploads(ws, store);
  const preflight = usePreflight(ws, draft);
  const blocker = useLeaving(store, uploads.list.length > 0);
  const mayEdit = useCan(stored === null ? "posts.create" : "posts.edit", draft.brand_id);

  // Live events refresh the cached post; the store takes what does not cost unsaved text.
  useEffect(() => {
    if (post !== null) store.adopt(post);
  }, [post, store]);
  useEffect(() => {
    if (stored === null) return;
    client.setQueryData<Post>(keys.post(ws, stored.post.id), (current) => (current === undefined || current.version <= stored.post.version ? stored.post : current));
    void client.invalidateQueries({ queryKey: keys.calendars(ws) });
    void client.invalidateQueries({ queryKey: keys.postLists(ws) });
  }, [client, stored, ws]);

  const jumpTo = useCallback(
    (issue: Issue) => {
      const place = placeOf(issue, store.get().draft);
      setScope(place.scope);
      // After the tab's controls are there.
      requestAnimationFrame(() => document.getElementById(place.control)?.focus());
    },
    [store],
  );
  const destinations = useMemo(() => destinationsOf(draft, accounts, networks), [draft, accounts, networks]);
  const hasBegun = save.phase === "started" || (stored !== null && !editableStatuses.has(stored.post.status));
  const composer: Composer = {
    store,
    snapshot,
    draft,
    change: store.change,
    editable: mayEdit && !hasBegun,
    scope,
    setScope,
    content: effectiveContent(draft, scope),
    destinations,
    shown: scope === "all" ? destinations : destinations.filter((destination) => destination.key === scope),
    accounts,
    networks,
    labels,
    uploads,
    merging,
    setMerging,
    issues: preflight.issues,
    jumpTo,
  };

  return (
    <ComposerProvider value={composer}>
      <h1 className="sr-only">{stored === null ? t("title.new") : t("title.edit")}</h1>
      <div className="grid items-start gap-5 lg:grid-cols-[minmax(0,1fr)_minmax(20rem,26rem)]">
        <div className="grid min-w-0 gap-4">
          <Notices hasBegun={hasBegun} mayEdit={mayEdit} />
          <AccountPicker brands={brands} />
          <ScopeTabs>
            <ContentEditor />
          </ScopeTabs>
          <LabelPicker />
        </div>
        <aside aria-label={t("preview.title")} className="grid min-w-0 gap-4 lg:sticky lg:top-4">
          <IssueList checking={preflight.checking} error={preflight.error} />
          <PreviewPanel />
        </aside>
      </div>
      <ActionBar checking={preflight.checking} />
      <MergeDialog />
      <LeaveDialog blocker={blocker} />
    </ComposerProvider>
  );
}

const editableStatuses = new Set<Post["status"]>(["draft", "pending_approval", "scheduled", "needs_attention", "failed"]);

function LeaveDialog({ blocker }: { blocker: Leaving }) {
  const { t } = useTranslation("composer");
  if (blocker.status !== "blocked") return null;
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => {
        if (!open) blocker.reset();
      }}
      title={t("leave.title")}
      description={t("leave.text")}
      confirmLabel={t("leave.confirm")}
      onConfirm={blocker.proceed}
    />
  );
}
