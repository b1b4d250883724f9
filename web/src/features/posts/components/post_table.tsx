import { memo } from "react";
import { Link } from "@tanstack/react-router";
import { CircleX, TriangleAlert } from "lucide-react";
import { useTranslation } from "react-i18next";
import { NetworkGlyph } from "@/components/ui/network_glyph";
import { StateBadge } from "@/components/ui/state_badge";
import { Time } from "@/components/ui/time";
import { AssetImage } from "@/features/media/components/asset_image";
import type { Post } from "@/lib/api/types";
import { cx } from "@/lib/cx";
import { titleOf } from "../model/title";

export type PostTableProps = { posts: readonly Post[]; chosen: ReadonlySet<string>; onChoose: (chosen: ReadonlySet<string>) => void };

export function PostTable({ posts, chosen, onChoose }: PostTableProps) {
  const { t } = useTranslation("posts");
  const all = posts.every((post) => chosen.has(post.id));
  const toggle = (id: string): void => {
    const next = new Set(chosen);
    if (!next.delete(id)) next.add(id);
    onChoose(next);
  };
  return (
    <div className="overflow-hidden rounded-card bg-surface">
      <table className="w-full table-fixed border-collapse text-left">
        <caption className="sr-only">{t("title")}</caption>
        <thead className="text-xs text-muted">
          <tr className="border-b border-hairline [&>th]:px-3 [&>th]:py-2.5 [&>th]:font-medium">
            <th scope="col" className="w-11">
              <input
                type="checkbox"
                aria-label={t("table.chooseAll")}
                checked={all}
                onChange={() => onChoose(all ? new Set() : new Set(posts.map((post) => post.id)))}
                className="size-4 accent-(--accent-solid)"
              />
            </th>
            <th scope="col">{t("table.post")}</th>
            <th scope="col" className="hidden w-28 md:table-cell">
              {t("table.networks")}
            </th>
            <th scope="col" className="w-38 sm:w-44">
              {t("table.state")}
            </th>
            <th scope="col" className="hidden w-48 sm:table-cell">
              {t("table.time")}
            </th>
            <th scope="col" className="hidden w-36 lg:table-cell">
              {t("table.author")}
            </th>
          </tr>
        </thead>
        <tbody>
          {posts.map((post) => (
            <Row key={post.id} post={post} isChosen={chosen.has(post.id)} onToggle={toggle} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

const Row = memo(function Row({ post, isChosen, onToggle }: { post: Post; isChosen: boolean; onToggle: (id: string) => void }) {
  const { t } = useTranslation("posts");
  const title = titleOf(post) === "" ? t("untitled") : titleOf(post);
  const networks = [...new Set(post.targets.map((target) => target.network))];
  const picture = post.content.media[0];
  const at = post.published_at ?? post.scheduled_at;
  return (
    <tr className={cx("border-b border-hairline last:border-b-0 [&>td]:px-3 [&>td]:py-2.5", isChosen && "bg-accent-fill/50")}>
      <td>
        <input type="checkbox" aria-label={t("table.choose", { title })} checked={isChosen} onChange={() => onToggle(post.id)} className="size-4 accent-(--accent-solid)" />
      </td>
      <td className="max-w-0">
        <Link to="/posts/$postId" params={{ postId: post.id }} className="flex min-w-0 items-center gap-3 hover:underline">
          {picture !== undefined && (
            <AssetImage
              media={{ ...picture, alt: "" }}
              className="hidden size-9 shrink-0 rounded-md object-cover sm:block"
            />
          )}
          <span className="line-clamp-2 min-w-0 wrap-anywhere">{title}</span>
        </Link>
        {at !== null && (
          <p className="mt-0.5 text-xs text-muted sm:hidden">
            <Time at={at} />
          </p>
        )}
        {post.labels.length > 0 && (
          <p className="mt-1 flex flex-wrap gap-x-2 text-xs text-muted">
            {post.labels.map((label) => (
              <span key={label.id} className="flex items-center gap-1">
                <span aria-hidden className="size-1.5 rounded-full" style={{ backgroundColor: label.color }} />
                {label.name}
              </span>
            ))}
          </p>
        )}
      </td>
      <td className="hidden md:table-cell">
        <span className="flex gap-1">
          {networks.map((network) => (
            <NetworkGlyph key={network} network={network} />
          ))}
        </span>
      </td>
      <td>
        <StateBadge state={post.status} />
        <Risk post={post} />
      </td>
      <td className="hidden text-sm sm:table-cell">{at === null ? <span className="text-muted">{t("table.unplanned")}</span> : <Time at={at} />}</td>
      <td className="hidden truncate text-sm text-muted lg:table-cell">{post.author.name}</td>
    </tr>
  );
});

// What threatens a post that is still to go out.
function Risk({ post }: { post: Post }) {
  const { t } = useTranslation();
  const waiting = post.targets.filter((target) => target.state === "scheduled");
  const worst = (["blocked", "at_risk"] as const).find((state) => waiting.some((target) => target.readiness === state));
  if (worst === undefined) return null;
  const reason = waiting.flatMap((target) => (target.readiness === worst ? target.readiness_reasons : []))[0];
  const Icon = worst === "blocked" ? CircleX : TriangleAlert;
  return (
    <p title={reason?.message} className={cx("mt-1 flex items-center gap-1 text-xs", worst === "blocked" ? "text-danger-text" : "text-warning-text")}>
      <Icon aria-hidden className="size-3.5" />
      {t(`readiness.${worst}`)}
    </p>
  );
}
