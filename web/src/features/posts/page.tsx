import { useEffect, useState } from "react";
import { useInfiniteQuery, keepPreviousData } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { FileText, PenSquare, SearchX } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Button, buttonClass } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty_state";
import { ErrorState } from "@/components/ui/error_state";
import { Input } from "@/components/ui/input";
import { Page } from "@/components/ui/page";
import { PageHeader } from "@/components/ui/page_header";
import { Skeleton } from "@/components/ui/skeleton";
import { postPagesQuery } from "@/lib/api/queries";
import { useBrandFilter, useCan, useWorkspace } from "@/lib/workspace/context";
import { BulkBar } from "./components/bulk_bar";
import { FilterBar } from "./components/filter_bar";
import { PostTable } from "./components/post_table";
import { filterOf, serverFilter } from "./model/filters";
import type { Search } from "./search";

const typingPauseMs = 300;

export default function PostsPage() {
  const { t } = useTranslation("posts");
  const search: Search = useSearch({ from: "/app/posts" });
  const navigate = useNavigate({ from: "/posts" });
  const { id: ws } = useWorkspace();
  const [brand] = useBrandFilter();
  const mayCompose = useCan("posts.create", brand?.id);
  const filter = filterOf(search);
  const query = useInfiniteQuery({ ...postPagesQuery(ws, { ...serverFilter(filter, brand?.id ?? null), ...(search.q !== undefined && { q: search.q }) }), placeholderData: keepPreviousData });
  const posts = (query.data?.pages ?? []).flatMap((page) => page.data);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const selected = posts.filter((post) => chosen.has(post.id));
  const isNarrowed = Object.keys(filter).length > 0 || search.q !== undefined;
  const patch = (change: Partial<Search>): void => void navigate({ search: (current: Search) => ({ ...current, ...change }), replace: true });

  return (
    <Page>
      <PageHeader
        title={t("title")}
        action={
          <div className="flex flex-wrap items-center gap-2">
            <SearchBox value={search.q ?? ""} onChange={(q) => patch({ q: q === "" ? undefined : q })} />
            <FilterBar filter={filter} onChange={(next) => patch({ status: undefined, network: undefined, account: undefined, label: undefined, author: undefined, ...next })} />
          </div>
        }
      />
      {query.isError && query.data === undefined && <ErrorState error={query.error} onRetry={() => void query.refetch()} />}
      {query.isPending && <Skeleton count={6} className="h-14" />}
      {query.data !== undefined && posts.length === 0 && (
        <EmptyState
          icon={isNarrowed ? <SearchX /> : <FileText />}
          title={isNarrowed ? t("empty.narrowed") : t("empty.title")}
          action={
            isNarrowed ? (
              <Button onClick={() => void navigate({ search: {}, replace: true })}>{t("filter.clear")}</Button>
            ) : (
              mayCompose && (
                <Link to="/compose" className={buttonClass("primary")}>
                  <PenSquare aria-hidden className="size-4" />
                  {t("action.compose", { ns: "common" })}
                </Link>
              )
            )
          }
        >
          {isNarrowed ? undefined : t("empty.text")}
        </EmptyState>
      )}
      {posts.length > 0 && (
        <>
          <PostTable posts={posts} chosen={chosen} onChoose={setChosen} />
          <div className="mt-4 flex justify-center">
            {query.hasNextPage && (
              <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                {t("more")}
              </Button>
            )}
          </div>
          {selected.length > 0 && <BulkBar posts={selected} onDone={(left) => setChosen(new Set(left))} />}
        </>
      )}
    </Page>
  );
}

function SearchBox({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const { t } = useTranslation("posts");
  const [text, setText] = useState(value);
  const [shown, setShown] = useState(value);
  // Back and forward change the address under the box.
  if (shown !== value) {
    setShown(value);
    setText(value);
  }
  useEffect(() => {
    const trimmed = text.trim();
    if (trimmed === value) return;
    const timer = setTimeout(() => onChange(trimmed), typingPauseMs);
    return () => clearTimeout(timer);
  }, [text, value, onChange]);
  return <Input type="search" aria-label={t("search")} placeholder={t("search")} value={text} onChange={(event) => setText(event.target.value)} className="w-56!" />;
}
