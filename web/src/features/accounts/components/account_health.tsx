import { CalendarX, CircleAlert, CircleCheck, KeyRound } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Time } from "@/components/ui/time";
import type { Account } from "@/lib/api/types";
import { cx } from "@/lib/cx";

// What is known about an account's fitness to publish: its problem, missing rights by name, expiry, last success.
export function AccountHealth({ account: { health, state } }: { account: Account }) {
  const { t } = useTranslation("accounts");
  if (state === "disconnected") return <p className="text-sm text-muted">{t("health.disconnected")}</p>;
  return (
    <ul className="grid gap-1.5 text-sm">
      {health.problem != null && health.problem !== "" && (
        <Row icon={<CircleAlert />} tone="text-danger-text">
          {t(`problem.${health.problem}`, { defaultValue: health.problem })}
        </Row>
      )}
      {health.missing_scopes.length > 0 && (
        <Row icon={<KeyRound />} tone="text-warning-text">
          {t("health.missing", { scopes: health.missing_scopes.join(", ") })}
        </Row>
      )}
      {health.expires_at != null && (
        <Row icon={<CalendarX />}>
          {t("health.expires")} <Time at={health.expires_at} style="relative" />
        </Row>
      )}
      <Row icon={<CircleCheck />}>
        {health.last_published_at == null ? (
          t("health.never")
        ) : (
          <>
            {t("health.last")} <Time at={health.last_published_at} style="relative" />
          </>
        )}
      </Row>
    </ul>
  );
}

function Row({ icon, tone = "text-muted", children }: { icon: ReactNode; tone?: string; children: ReactNode }) {
  return (
    <li className={cx("flex items-start gap-2 [&>svg]:mt-0.5 [&>svg]:size-4 [&>svg]:shrink-0", tone)}>
      {icon}
      <span className="min-w-0 break-words">{children}</span>
    </li>
  );
}
