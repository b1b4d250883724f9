import { useTranslation } from "react-i18next";
import { CopyButton } from "@/components/ui/copy_button";
import { networkName } from "@/components/ui/network_glyph";
import { checklists, type NetworkWithApp } from "@/features/system/checklists";
import type { NetworkApp } from "@/lib/api/types";
import { absoluteUrl } from "@/lib/base";

export function AppChecklist({ network, app }: { network: NetworkWithApp; app: NetworkApp | null }) {
  const { t } = useTranslation("system");
  const { console, scopes } = checklists[network];
  const redirect = app?.redirect_uri ?? absoluteUrl(`/api/v1/oauth/${network}/callback`);
  return (
    <ol className="grid list-decimal content-start gap-3 pl-5 marker:text-muted">
      <li>
        {t("check.create", { network: networkName(network) })}{" "}
        <a href={console} target="_blank" rel="noreferrer" className="text-accent-text underline">
          {new URL(console).host}
        </a>
      </li>
      <li>{t(`check.type_${network}`)}</li>
      <li>
        {t("check.redirect")}
        <span className="mt-1 flex items-center gap-1 rounded-lg bg-raised py-1 pr-1 pl-3">
          <code className="min-w-0 flex-1 text-sm break-all">{redirect}</code>
          <CopyButton text={redirect} label={t("check.copyRedirect")} />
        </span>
      </li>
      <li>
        {t("check.scopes")} <code className="text-sm text-muted">{scopes.join(" ")}</code>
      </li>
      <li>{t("check.enter")}</li>
    </ol>
  );
}
