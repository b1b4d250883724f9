import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { ArrowLeft } from "lucide-react";
import { useTranslation } from "react-i18next";
import { ErrorState } from "@/components/ui/error_state";
import { Page } from "@/components/ui/page";
import { Skeleton } from "@/components/ui/skeleton";
import { StateBadge } from "@/components/ui/state_badge";
import { Time } from "@/components/ui/time";
import { accountsQuery, postQuery } from "@/lib/api/queries";
import type { Post } from "@/lib/api/types";
import { useWorkspace } from "@/lib/workspace/context";
import { ContentCard } from "./components/content_card";
import { Evidence } from "./components/evidence";
import { PostActions } from "./components/post_actions";
import { TargetCard } from "./components/target_card";
import { Versions } from "./components/versions";

// A post's targets change while networks are asked; the events of the live connection can be late or blocked.
const whilePublishingMs = 2000;
const onTheirWay = new Set(["publishing", "retrying"]);

export default function PostPage() {
  const { postId } = useParams({ from: "/app/posts/$postId" });
  const { id: ws } = useWorkspace();
  const post = useQuery({
    ...postQuery(ws, postId),
    refetchInterval: (query) => (query.state.data && isSoonDifferent(query.state.data) ? whilePublishingMs : false),
  });
  const { t } = useTranslation("posts");
  return (
    <Page>
      <Link to="/posts" className="mb-3 inline-flex items-center gap-1.5 text-sm text-muted hover:text-text">
        <ArrowLeft aria-hidden className="size-4" />
        {t("title")}
      </Link>
      {post.isError && post.data === undefined && <ErrorState error={post.error} onRetry={() => void post.refetch()} />}
      {post.isPending && <Skeleton count={3} className="h-36" />}
      {post.data !== undefined && <Loaded post={post.data} />}
    </Page>
  );
}

const soonMs = 60_000;

function isSoonDifferent(post: Post): boolean {
  const now = Date.now();
  return post.targets.some((target) => onTheirWay.has(target.state) || (target.state === "scheduled" && target.scheduled_at !== null && Date.parse(target.scheduled_at) - now < soonMs));
}

function Loaded({ post }: { post: Post }) {
  const { t } = useTranslation("posts");
  const { id: ws } = useWorkspace();
  const accounts = useQuery(accountsQuery(ws)).data ?? [];
  const title = post.content.body.trim().split("\n")[0] ?? "";
  return (
    <>
      <header className="mb-5 flex flex-wrap items-start justify-between gap-3">
        <div className="min-w-0 max-w-2xl">
          <h1 className="line-clamp-2 text-xl font-semibold tracking-tight wrap-anywhere">{title === "" ? t("untitled") : title}</h1>
          <p className="mt-1.5 flex flex-wrap items-center gap-x-3 gap-y-1 text-muted">
            <span role="status">
              <StateBadge state={post.status} />
            </span>
            {post.scheduled_at !== null && <Time at={post.scheduled_at} style="full" />}
            <span>{t("by", { name: post.author.name })}</span>
          </p>
        </div>
        <PostActions post={post} />
      </header>
      <div className="grid items-start gap-5 lg:grid-cols-[minmax(0,1fr)_minmax(18rem,24rem)]">
        <div className="grid gap-4">
          <section aria-label={t("targets")} className="grid gap-3">
            {post.targets.length === 0 && <p className="rounded-card bg-surface p-5 text-muted">{t("noTargets")}</p>}
            {post.targets.map((target) => (
              <TargetCard key={target.id} post={post} target={target} account={accounts.find((candidate) => candidate.id === target.account_id) ?? null} />
            ))}
          </section>
          <Evidence post={post} accounts={accounts} />
        </div>
        <aside aria-label={t("content.title")} className="grid gap-4">
          <ContentCard post={post} />
          <Versions post={post} />
        </aside>
      </div>
    </>
  );
}
