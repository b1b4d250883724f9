import { CircleAlert, CircleCheck, CircleX, ExternalLink, TriangleAlert } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Avatar } from "@/components/ui/avatar";
import { buttonClass } from "@/components/ui/button";
import { networkName } from "@/components/ui/network_glyph";
import { StateBadge } from "@/components/ui/state_badge";
import { Time } from "@/components/ui/time";
import type { Account, Part, Post, Target } from "@/lib/api/types";
import { cx } from "@/lib/cx";
import { TargetActions } from "./target_actions";
import { PartView } from "./content_card";

// One account: how it stands there, the published post, what went wrong and what can be done.
export function TargetCard({ post, target, account }: { post: Post; target: Target; account: Account | null }) {
  const { t } = useTranslation("posts");
  const name = account?.name ?? networkName(target.network);
  return (
    <article aria-label={`${networkName(target.network)} ${account?.handle ?? ""}`} className="grid gap-3 rounded-card bg-surface p-4">
      <div className="flex flex-wrap items-center gap-3">
        <Avatar name={name} src={account?.avatar_url} network={target.network} />
        <div className="min-w-0 flex-1">
          <h2 className="truncate font-semibold">{name}</h2>
          <p className="truncate text-sm text-muted">
            {networkName(target.network)}
            {account !== null && ` · @${account.handle.replace(/^@/, "")}`}
          </p>
        </div>
        <span role="status">
          <StateBadge state={target.state} />
        </span>
      </div>
      <Times target={target} />
      <Reasons target={target} />
      {target.parts.length > 1 && <Parts parts={target.parts} />}
      {Object.keys(target.content).length > 0 && (
        <details className="rounded-lg bg-page px-3 py-2">
          <summary className="text-sm text-muted">{t("target.ownText")}</summary>
          <div className="pt-2">
            <PartView body={target.effective_content.body} media={target.effective_content.media} />
          </div>
        </details>
      )}
      <div className="flex flex-wrap gap-2">
        {target.remote_url !== null && (
          <a href={target.remote_url} target="_blank" rel="noreferrer" className={buttonClass("secondary", "sm")}>
            <ExternalLink aria-hidden className="size-4" />
            {t("target.open", { network: networkName(target.network) })}
          </a>
        )}
        <TargetActions post={post} target={target} />
      </div>
    </article>
  );
}

function Times({ target }: { target: Target }) {
  const { t } = useTranslation("posts");
  const isWaiting = target.state === "scheduled" || target.state === "held";
  return (
    <dl className="flex flex-wrap gap-x-6 gap-y-1 text-sm [&_dt]:text-muted [&>div]:flex [&>div]:gap-1.5">
      {target.scheduled_at !== null && (
        <div>
          <dt>{isWaiting ? t("target.goesOut") : t("target.planned")}</dt>
          <dd>
            <Time at={target.scheduled_at} style="full" />
          </dd>
        </div>
      )}
      {target.published_at !== null && (
        <div>
          <dt>{t("target.published")}</dt>
          <dd>
            <Time at={target.published_at} style="full" />
          </dd>
        </div>
      )}
      {target.state === "retrying" && target.next_attempt_at !== null && (
        <div>
          <dt>{t("target.nextAttempt")}</dt>
          <dd>
            <Time at={target.next_attempt_at} style="full" />
          </dd>
        </div>
      )}
      {target.attempt_count > 0 && (
        <div>
          <dt>{t("target.attempts")}</dt>
          <dd>{target.attempt_count}</dd>
        </div>
      )}
    </dl>
  );
}

// Why it stands as it does, in the server's words.
function Reasons({ target }: { target: Target }) {
  const { t } = useTranslation("posts");
  const risks = target.state === "scheduled" ? target.readiness_reasons : [];
  return (
    <>
      {target.error !== null && (
        <p className="flex items-start gap-2 rounded-lg bg-danger-fill px-3 py-2 text-danger-text">
          <CircleX aria-hidden className="mt-0.5 size-4 shrink-0" />
          {target.error.message}
        </p>
      )}
      {target.state === "held" && target.held_reason !== null && (
        <p className="flex items-start gap-2 rounded-lg bg-warning-fill px-3 py-2 text-warning-text">
          <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
          {t(`held.${target.held_reason}`, { defaultValue: t("held.other") })}
        </p>
      )}
      {target.state === "unconfirmed" && <p className="text-sm text-muted">{t("target.unconfirmedHelp")}</p>}
      {risks.map((reason) => (
        <p key={reason.code} className={cx("flex items-start gap-2 rounded-lg px-3 py-2", reason.blocks ? "bg-danger-fill text-danger-text" : "bg-warning-fill text-warning-text")}>
          <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
          {reason.message}
        </p>
      ))}
    </>
  );
}

function Parts({ parts }: { parts: readonly Part[] }) {
  const { t } = useTranslation("posts");
  return (
    <ol className="grid gap-1 text-sm" aria-label={t("target.parts")}>
      {parts.map((part) => (
        <li key={`${part.role}-${part.index}`} className="flex flex-wrap items-center gap-2">
          {part.state === "published" ? <CircleCheck aria-hidden className="size-4 text-success-text" /> : <CircleAlert aria-hidden className={cx("size-4", part.error === null ? "text-muted" : "text-danger-text")} />}
          <span>{part.role === "post" ? t("part.post") : part.role === "thread" ? t("part.thread", { number: part.index + 1 }) : t("part.first_comment")}</span>
          <span className="text-muted">{t(`state.${part.state}`, { ns: "common", defaultValue: t(`partState.${part.state}`, { defaultValue: part.state }) })}</span>
          {part.remote_url !== null && (
            <a href={part.remote_url} target="_blank" rel="noreferrer" className="text-accent-text underline">
              {t("part.open")}
            </a>
          )}
          {part.error !== null && <span className="text-danger-text">{part.error.message}</span>}
        </li>
      ))}
    </ol>
  );
}
