import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { CopyButton } from "@/components/ui/copy_button";
import { absoluteUrl } from "@/lib/base";
import { networkAppsQuery } from "@/lib/api/queries";
import type { Network } from "@/lib/api/types";

// The address to register at the network, to the letter. Administrators are told the server's own word; for others
// it is derived from this page's address, which is the public one unless they came in by a side door.
export function RedirectUri({ network, isAdmin }: { network: Network; isAdmin: boolean }) {
  const { t } = useTranslation("accounts");
  const apps = useQuery({ ...networkAppsQuery(), enabled: isAdmin });
  const app = apps.data?.find((candidate) => candidate.network === network.network);
  const uri = app?.redirect_uri ?? absoluteUrl(`/api/v1/oauth/${network.network}/callback`);
  return (
    <details className="rounded-lg bg-raised px-3 py-2" open={app?.configured === false}>
      <summary className="font-medium">{t("connect.redirectUri")}</summary>
      <p className="mt-2 text-sm text-muted">{t("connect.redirectUriAbout", { network: network.name })}</p>
      <div className="mt-1 flex items-center gap-2">
        <code className="min-w-0 flex-1 text-sm break-all">{uri}</code>
        <CopyButton text={uri} label={t("connect.copyRedirectUri")} />
      </div>
      {isAdmin && (
        <Link to="/system/network-apps" className="mt-1 inline-block text-sm text-accent-text underline">
          {t("connect.toNetworkApps")}
        </Link>
      )}
    </details>
  );
}
