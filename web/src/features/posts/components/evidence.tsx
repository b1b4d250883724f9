import { useQuery } from "@tanstack/react-query";
import { CircleCheck, CircleDashed, CircleX, UserRound } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Card } from "@/components/ui/card";
import { ErrorState } from "@/components/ui/error_state";
import { NetworkGlyph } from "@/components/ui/network_glyph";
import { Skeleton } from "@/components/ui/skeleton";
import { Time } from "@/components/ui/time";
import { attemptsQuery } from "@/lib/api/queries";
import type { Account, Attempt, Post } from "@/lib/api/types";
import { cx } from "@/lib/cx";
import { useFormat, useWorkspace } from "@/lib/workspace/context";

const goodOutcomes = new Set(["ok", "published", "done", "found"]);

// Every call that was made for this post: what was asked, what came back, what was concluded.
export function Evidence({ post, accounts }: { post: Post; accounts: readonly Account[] }) {
  const { t } = useTranslation("posts");
  const { id: ws } = useWorkspace();
  const isMoving = post.targets.some((target) => target.state === "publishing" || target.state === "retrying");
  const attempts = useQuery({ ...attemptsQuery(ws, post.id), refetchInterval: isMoving ? 2000 : false });
  const wasTried = post.targets.some((target) => target.attempt_count > 0 || target.published_at !== null) || isMoving || (attempts.data?.length ?? 0) > 0;
  return (
    <Card title={t("evidence.title")}>
      {attempts.isError && attempts.data === undefined && <ErrorState error={attempts.error} onRetry={() => void attempts.refetch()} />}
      {attempts.isPending && <Skeleton count={2} className="h-12" />}
      {attempts.data !== undefined && attempts.data.length === 0 && <p className="text-muted">{wasTried ? t("evidence.soon") : t("evidence.none")}</p>}
      {attempts.data !== undefined && attempts.data.length > 0 && (
        <ol className="grid gap-1">
          {attempts.data.map((attempt) => {
            const target = post.targets.find((candidate) => candidate.id === attempt.target_id);
            return <AttemptRow key={attempt.id} attempt={attempt} network={target?.network ?? ""} handle={accounts.find((account) => account.id === target?.account_id)?.handle ?? ""} />;
          })}
        </ol>
      )}
    </Card>
  );
}

function AttemptRow({ attempt, network, handle }: { attempt: Attempt; network: string; handle: string }) {
  const { t } = useTranslation("posts");
  const format = useFormat();
  const { request, response, outcome } = attempt;
  // What a person decided stands between the calls.
  const isCall = request !== null;
  const isOpen = isCall && attempt.finished_at === null;
  const isGood = goodOutcomes.has(outcome);
  const Icon = !isCall ? UserRound : isOpen ? CircleDashed : isGood ? CircleCheck : CircleX;
  const tone = !isCall || isOpen ? "text-muted" : isGood ? "text-success-text" : "text-danger-text";
  const tookMs = attempt.finished_at === null ? null : Date.parse(attempt.finished_at) - Date.parse(attempt.started_at);
  return (
    <li className="border-l-2 border-hairline pl-3">
      <details className="group rounded-lg px-2 py-1.5 open:bg-page">
        <summary className="flex flex-wrap items-center gap-x-2.5 gap-y-1 text-sm">
          <Icon aria-hidden className={cx("size-4 shrink-0", tone)} />
          <Time at={attempt.started_at} style="time" className="text-muted tabular-nums" />
          {network !== "" && <NetworkGlyph network={network} size="sm" />}
          <span className="min-w-0 font-medium">{isCall ? (request.summary ?? attempt.step) : t(`entry.${attempt.kind}`, { defaultValue: attempt.kind })}</span>
          {isCall && <span className={tone}>{isOpen ? t("evidence.open") : t(`outcome.${outcome}`, { defaultValue: outcome })}</span>}
        </summary>
        <dl className="grid gap-x-4 gap-y-1 pt-2 pl-6.5 text-sm sm:grid-cols-[8rem_minmax(0,1fr)] [&_dt]:text-muted">
          {handle !== "" && <Fact name={t("evidence.account")}>@{handle.replace(/^@/, "")}</Fact>}
          <Fact name={t("evidence.part")}>{attempt.part}</Fact>
          {isCall && (
            <>
              <Fact name={t("evidence.step")}>{attempt.step}</Fact>
              <Fact name={t("evidence.call")}>
                <code className="text-xs break-all">
                  {request.method} {request.url}
                </code>
              </Fact>
              <Fact name={t("evidence.answer")}>{response === null ? t("evidence.noAnswer") : (response.summary ?? response.status)}</Fact>
            </>
          )}
          <Fact name={t("evidence.when")}>
            <Time at={attempt.started_at} style="full" />
            {tookMs !== null && ` · ${t("evidence.took", { ms: format.number(tookMs) })}`}
          </Fact>
          {attempt.conclusion !== null && <Fact name={t("evidence.conclusion")}>{attempt.conclusion}</Fact>}
        </dl>
      </details>
    </li>
  );
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd className="min-w-0 wrap-anywhere">{children}</dd>
    </>
  );
}
