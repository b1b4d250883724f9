import { useEffect, useState } from "react";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { ArrowLeft } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Button, buttonClass } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { ErrorState } from "@/components/ui/error_state";
import { Skeleton } from "@/components/ui/skeleton";
import { ConnectSteps } from "@/features/accounts/components/connect_steps";
import { NetworkPicker } from "@/features/accounts/components/network_picker";
import { firstRun } from "@/features/accounts/first_run";
import { firstPlaceQuery } from "@/features/setup/first_place";
import type { Network } from "@/lib/api/types";
import { lastWorkspace, WorkspaceProvider } from "@/lib/workspace/context";

// The same connecting as on the accounts page; a consent page that leaves the app comes back through
// /accounts/connect, which sees that the first run is on.
export function NetworkStep() {
  const { t } = useTranslation(["setup", "accounts"]);
  const navigate = useNavigate();
  const place = useQuery(firstPlaceQuery());
  const [network, setNetwork] = useState<Network | null>(null);
  useEffect(() => firstRun.begin(), []);
  useEffect(() => {
    if (place.data !== undefined) lastWorkspace.set(place.data.workspace.id);
  }, [place.data]);
  if (place.isPending) return <Skeleton className="h-40" />;
  if (place.isError) return <ErrorState error={place.error} onRetry={() => void place.refetch()} />;
  const { workspace, brandId } = place.data;
  return (
    <WorkspaceProvider workspace={workspace}>
      <Card as="div">
        {network === null ? (
          <NetworkPicker onPick={setNetwork} />
        ) : (
          <div className="grid gap-4">
            <h2 className="text-lg font-semibold">{t("accounts:connect.titleOf", { network: network.name })}</h2>
            <ConnectSteps
              network={network}
              brandId={brandId}
              onConnected={() => {
                firstRun.end();
                void navigate({ to: "/compose", search: { sample: true } });
              }}
            />
            <Button
              variant="ghost"
              size="sm"
              className="justify-self-start"
              icon={<ArrowLeft aria-hidden className="size-4" />}
              onClick={() => setNetwork(null)}
            >
              {t("accounts:connect.other")}
            </Button>
          </div>
        )}
      </Card>
      <p className="mt-4 text-center">
        <Link to="/" onClick={firstRun.end} className={buttonClass("ghost")}>
          {t("network.later")}
        </Link>
      </p>
    </WorkspaceProvider>
  );
}
