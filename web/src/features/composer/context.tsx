// What every part of the composer shares.
import { createContext, use } from "react";
import type { Account, Issue, Label, Network } from "@/lib/api/types";
import type { Draft, DraftContent, Scope } from "./model/draft";
import type { Destination } from "./model/rules";
import type { ComposerStore, Snapshot } from "./model/store";
import type { Uploads } from "./use_uploads";

export type Composer = {
  store: ComposerStore;
  snapshot: Snapshot;
  draft: Draft;
  change: ComposerStore["change"];
  // False once publishing has begun, or where the role may not edit.
  editable: boolean;
  // The tab in front: the shared content or one target.
  scope: Scope;
  setScope: (scope: Scope) => void;
  // What the tab in front would publish.
  content: DraftContent;
  destinations: readonly Destination[];
  // Those that publish the shared value of what is edited in the tab in front.
  shown: readonly Destination[];
  accounts: readonly Account[];
  networks: readonly Network[];
  labels: readonly Label[];
  uploads: Uploads;
  issues: readonly Issue[];
  // The dialog that merges a conflict; closing it puts the decision off.
  merging: boolean;
  setMerging: (open: boolean) => void;
  // Goes to the control where the issue is mended.
  jumpTo: (issue: Issue) => void;
};

const ComposerContext = createContext<Composer | null>(null);
export const ComposerProvider = ComposerContext.Provider;

export function useComposer(): Composer {
  const composer = use(ComposerContext);
  if (composer === null) throw new Error("useComposer belongs inside the composer");
  return composer;
}
