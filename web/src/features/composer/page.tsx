import { useState } from "react";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { Building2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import { buttonClass } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty_state";
import { ErrorState } from "@/components/ui/error_state";
import { Page } from "@/components/ui/page";
import { Skeleton } from "@/components/ui/skeleton";
import { accountsQuery, brandsQuery, labelsQuery, networksQuery, postQuery } from "@/lib/api/queries";
import type { Account, Brand, Network } from "@/lib/api/types";
import { useBrandFilter, useCanIn, useWorkspace } from "@/lib/workspace/context";
import { Editor } from "./components/editor";
import { type Draft, emptyContent, emptyDraft, withAccount } from "./model/draft";
import { defaultKind } from "./model/rules";
import type { Search } from "./search";

export default function ComposePage() {
  const { postId } = useParams({ strict: false });
  const search: Search = useSearch({ from: "/app/compose" });
  const navigate = useNavigate();
  // A draft that got its id from the editor on screen keeps that editor; any other address starts a new one.
  const [shown, setShown] = useState({ postId, key: 0, created: "" });
  if (shown.postId !== postId) setShown({ ...shown, postId, key: postId !== undefined && postId === shown.created ? shown.key : shown.key + 1 });

  const onCreated = (id: string): void => {
    setShown((current) => ({ ...current, created: id }));
    void navigate({ to: "/compose/$postId", params: { postId: id }, replace: true });
  };
  return (
    <Page>
      <Loaded key={shown.key} postId={postId} search={search} onCreated={onCreated} />
    </Page>
  );
}

function Loaded({ postId, search, onCreated }: { postId: string | undefined; search: Search; onCreated: (id: string) => void }) {
  const { t } = useTranslation("composer");
  const { id: ws } = useWorkspace();
  const canIn = useCanIn();
  const [brandFilter] = useBrandFilter();
  const [networks, accounts, brands] = [useQuery(networksQuery()), useQuery(accountsQuery(ws)), useQuery(brandsQuery(ws))];
  const labels = useQuery(labelsQuery(ws));
  const post = useQuery({ ...postQuery(ws, postId ?? ""), enabled: postId !== undefined });
  const failed = [networks, accounts, brands, ...(postId === undefined ? [] : [post])].find((query) => query.isError && query.data === undefined);

  if (failed !== undefined) return <ErrorState error={failed.error} onRetry={() => void failed.refetch()} />;
  if (!networks.data || !accounts.data || !brands.data || (postId !== undefined && !post.data)) return <Skeleton count={3} className="h-40" />;

  const usable = brands.data.filter((brand) => canIn("posts.create", brand.id));
  const brand = usable.find((candidate) => candidate.id === (search.brand ?? brandFilter?.id)) ?? usable[0];
  if (postId === undefined && brand === undefined) {
    return (
      <EmptyState icon={<Building2 />} title={t("noBrand.title")} action={<Link to="/settings/brands" className={buttonClass("primary")}>{t("noBrand.action")}</Link>}>
        {t("noBrand.text")}
      </EmptyState>
    );
  }
  const start = (): Draft => newDraft(brand, accounts.data, networks.data, search, t("sample.body"));
  return (
    <Editor post={post.data ?? null} start={start} brands={usable} accounts={accounts.data} networks={networks.data} labels={labels.data ?? []} onCreated={onCreated} />
  );
}

// So few accounts are all meant, as a rule; of more, nobody is surprised by one that was not picked.
const preselected = 6;

function newDraft(brand: Brand | undefined, accounts: readonly Account[], networks: readonly Network[], search: Search, sample: string): Draft {
  const empty = emptyDraft(brand?.id ?? "");
  const connected = accounts.filter((account) => account.brand_id === brand?.id && account.state !== "disconnected");
  const meant = connected.length <= preselected ? connected : [];
  const draft = meant.reduce((current, account) => withAccount(current, account.id, defaultKind(account, networks), true), empty);
  return {
    ...draft,
    scheduled_at: search.at ?? null,
    content: search.sample === true ? { ...emptyContent(), body: sample } : draft.content,
  };
}
