import type { ReactNode } from "react";
import { useQueries } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { CircleCheck } from "lucide-react";
import { useTranslation } from "react-i18next";
import { buttonClass } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { networkName } from "@/components/ui/network_glyph";
import { StateBadge } from "@/components/ui/state_badge";
import { ErrorState } from "@/components/ui/error_state";
import { postListQuery } from "@/lib/api/queries";
import type { Account, Post, PostStatus } from "@/lib/api/types";
import { useBrandFilter, useCanIn, useWorkspace } from "@/lib/workspace/context";

const troubled: readonly PostStatus[] = ["needs_attention", "failed", "partially_published"];
const listed = 6;

// Failed, unconfirmed, missed and held posts, accounts to connect again, approvals: each with what to do.
export function Attention({ accounts }: { accounts: Account[] }) {
  const { t } = useTranslation("dashboard");
  const workspace = useWorkspace();
  const [brand] = useBrandFilter();
  const canIn = useCanIn();
  const statuses: PostStatus[] = [...troubled, ...(canIn("posts.approve") ? (["pending_approval"] as const) : [])];
  const lists = useQueries({
    queries: statuses.map((status) =>
      postListQuery(workspace.id, { status, limit: 20, ...(brand === null ? {} : { brand_id: brand.id }) }),
    ),
  });
  const failed = lists.find(({ isError }) => isError);
  const posts = lists.flatMap(({ data }) => data?.data ?? []);
  const broken = accounts.filter((account) => account.state === "needs_reconnect" && (brand === null || account.brand_id === brand.id));
  const loaded = lists.every(({ isPending }) => !isPending);
  return (
    <Card title={t("attention.title")}>
      {failed !== undefined ? (
        <ErrorState error={failed.error} onRetry={() => void failed.refetch()} />
      ) : posts.length + broken.length === 0 ? (
        <p className="flex items-center gap-2 text-muted">
          {loaded && <CircleCheck aria-hidden className="size-4 text-success-text" />}
          {loaded ? t("attention.none") : t("common:state.loading")}
        </p>
      ) : (
        <ul className="divide-y divide-hairline">
          {broken.map((account) => (
            <Row
              key={account.id}
              badge={<StateBadge state="needs_reconnect" />}
              text={`${account.handle} · ${networkName(account.network)}`}
            >
              <Link to="/accounts" className={buttonClass("secondary", "sm")}>
                {t("fix.reconnect")}
              </Link>
            </Row>
          ))}
          {posts.slice(0, listed).map((post) => (
            <Row key={post.id} badge={<StateBadge state={worstState(post)} />} text={post.content.body}>
              <Link to="/posts/$postId" params={{ postId: post.id }} className={buttonClass("secondary", "sm")}>
                {t(`attention.${actionOf(post)}`)}
              </Link>
            </Row>
          ))}
        </ul>
      )}
      {posts.length > listed && (
        <Link to="/posts" className="mt-2 inline-block text-sm text-accent-text underline">
          {t("attention.more", { count: posts.length - listed })}
        </Link>
      )}
    </Card>
  );
}

function Row({ badge, text, children }: { badge: ReactNode; text: string; children: ReactNode }) {
  return (
    <li className="flex items-center gap-3 py-2.5">
      <div className="grid min-w-0 flex-1 gap-1">
        <span>{badge}</span>
        <span className="truncate text-sm">{text}</span>
      </div>
      {children}
    </li>
  );
}

// The target state that a person has to do something about says more than the post's summary.
const urgent = ["unconfirmed", "missed", "manual", "held", "failed"] as const;
type Urgent = (typeof urgent)[number];

function worstState(post: Post): Urgent | PostStatus {
  return urgent.find((state) => post.targets.some((target) => target.state === state)) ?? post.status;
}

function actionOf(post: Post): "settle" | "reschedule" | "finish" | "retry" | "approve" | "look" {
  switch (worstState(post)) {
    case "unconfirmed":
      return "settle";
    case "missed":
      return "reschedule";
    case "manual":
      return "finish";
    case "failed":
    case "partially_published":
      return "retry";
    case "pending_approval":
      return "approve";
    default:
      return "look";
  }
}
