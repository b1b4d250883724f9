import { Settings2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { ApiError } from "@/lib/api/error";

// The server refused to renew the session for a reason an operator can mend, such as a public URL that is not the
// address in the browser. Its own words name the setting.
export function SettingProblem({ problem }: { problem: ApiError }) {
  const { t } = useTranslation("auth");
  return (
    <section role="alert" className="flex gap-3 rounded-card bg-warning-fill p-4 text-warning-text">
      <Settings2 aria-hidden className="mt-0.5 size-4 shrink-0" />
      <div className="min-w-0">
        <h2 className="font-semibold">{t("setting.title")}</h2>
        <p className="break-words">{problem.detail}</p>
        <p className="mt-1 text-sm">{t("setting.address", { address: window.location.origin })}</p>
      </div>
    </section>
  );
}
