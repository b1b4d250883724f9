import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Card } from "@/components/ui/card";
import { ErrorState } from "@/components/ui/error_state";
import { NetworkGlyph } from "@/components/ui/network_glyph";
import { Page } from "@/components/ui/page";
import { PageHeader } from "@/components/ui/page_header";
import { Skeleton } from "@/components/ui/skeleton";
import { networkAppsQuery } from "@/lib/api/queries";
import { NetworkAppCard } from "@/features/system/components/network_app_card";
import { networksWithApp } from "@/features/system/checklists";

export default function NetworkAppsPage() {
  const { t } = useTranslation("system");
  const apps = useQuery(networkAppsQuery());
  return (
    <Page narrow>
      <PageHeader title={t("apps.title")} description={t("apps.about")} />
      {apps.isPending ? (
        <Skeleton className="h-48" />
      ) : apps.isError ? (
        <ErrorState error={apps.error} onRetry={() => void apps.refetch()} />
      ) : (
        <div className="grid gap-4">
          {networksWithApp.map((network) => (
            <NetworkAppCard key={network} network={network} app={apps.data.find((app) => app.network === network) ?? null} />
          ))}
          <NeedsNone network="mastodon" text={t("apps.mastodon")} />
          <NeedsNone network="bluesky" text={t("apps.bluesky")} />
        </div>
      )}
    </Page>
  );
}

function NeedsNone({ network, text }: { network: string; text: string }) {
  return (
    <Card as="div" className="flex items-center gap-3">
      <NetworkGlyph network={network} size="lg" />
      <p className="text-muted">{text}</p>
    </Card>
  );
}
