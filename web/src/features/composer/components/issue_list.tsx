import { CircleAlert, CircleCheck, TriangleAlert } from "lucide-react";
import { useTranslation } from "react-i18next";
import { NetworkGlyph } from "@/components/ui/network_glyph";
import { isApiError } from "@/lib/api/error";
import type { Issue } from "@/lib/api/types";
import { cx } from "@/lib/cx";
import { useComposer } from "../context";

// What preflight found; each line goes to the control that mends it.
export function IssueList({ checking, error }: { checking: boolean; error: unknown }) {
  const { t } = useTranslation("composer");
  const { issues, destinations } = useComposer();
  const errors = grouped(issues.filter((issue) => issue.severity === "error"));
  if (destinations.length === 0) return null;
  return (
    <section aria-label={t("issues.title")} id="composer-issues" tabIndex={-1} className="grid gap-2 rounded-card bg-surface p-4" aria-busy={checking}>
      <p role="status" className={cx("flex items-center gap-2 font-medium", errors.length > 0 ? "text-danger-text" : issues.length > 0 ? "text-warning-text" : "text-success-text", checking && "opacity-70")}>
        <Summary warnings={grouped(issues).length - errors.length} errors={errors.length} failed={error !== null} />
      </p>
      {isApiError(error) && <p className="text-sm text-muted">{error.errors[0]?.message ?? error.detail}</p>}
      {issues.length > 0 && (
        <ul className="grid gap-1">
          {grouped(issues).map((same) => (
            <IssueLine key={same.map((issue) => `${issue.account_id ?? ""}${issue.code}${issue.field}`).join()} same={same} />
          ))}
        </ul>
      )}
    </section>
  );
}

function Summary({ warnings, errors, failed }: { warnings: number; errors: number; failed: boolean }) {
  const { t } = useTranslation("composer");
  if (failed) {
    return (
      <>
        <TriangleAlert aria-hidden className="size-4" />
        {t("issues.unchecked")}
      </>
    );
  }
  if (errors > 0) {
    return (
      <>
        <CircleAlert aria-hidden className="size-4" />
        {t("issues.errors", { count: errors })}
      </>
    );
  }
  return (
    <>
      {warnings > 0 ? <TriangleAlert aria-hidden className="size-4" /> : <CircleCheck aria-hidden className="size-4" />}
      {warnings > 0 ? t("issues.warnings", { count: warnings }) : t("issues.none")}
    </>
  );
}

// One line for what several networks say in the same words about the same field.
function grouped(issues: readonly Issue[]): (readonly [Issue, ...Issue[]])[] {
  const groups = new Map<string, [Issue, ...Issue[]]>();
  for (const issue of issues) {
    const key = JSON.stringify([issue.severity, issue.message, issue.part, issue.field]);
    const group = groups.get(key);
    if (group) group.push(issue);
    else groups.set(key, [issue]);
  }
  return [...groups.values()];
}

function IssueLine({ same }: { same: readonly [Issue, ...Issue[]] }) {
  const { t } = useTranslation("composer");
  const { destinations, jumpTo } = useComposer();
  const [issue] = same;
  const networks = new Set(same.flatMap(({ account_id }) => destinations.filter(({ account }) => account.id === account_id).map(({ rules }) => rules.network)));
  const isError = issue.severity === "error";
  const Icon = isError ? CircleAlert : TriangleAlert;
  return (
    <li>
      <button type="button" onClick={() => jumpTo(issue)} className="flex w-full items-start gap-2 rounded-md px-2 py-1.5 text-left text-sm hover:bg-raised">
        <Icon aria-hidden className={cx("mt-0.5 size-4 shrink-0", isError ? "text-danger-text" : "text-warning-text")} />
        <span className="min-w-0 flex-1">
          <span className="sr-only">{isError ? t("issues.error") : t("issues.warning")}: </span>
          {issue.message}
        </span>
        <span className="flex shrink-0 gap-1">
          {[...networks].map((network) => (
            <NetworkGlyph key={network} network={network} size="sm" />
          ))}
        </span>
      </button>
    </li>
  );
}
