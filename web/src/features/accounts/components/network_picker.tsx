import { useQuery } from "@tanstack/react-query";
import { ChevronRight } from "lucide-react";
import { useTranslation } from "react-i18next";
import { ErrorState } from "@/components/ui/error_state";
import { NetworkGlyph } from "@/components/ui/network_glyph";
import { Skeleton } from "@/components/ui/skeleton";
import { networksQuery } from "@/lib/api/queries";
import type { Network } from "@/lib/api/types";

export function NetworkPicker({ onPick }: { onPick: (network: Network) => void }) {
  const { t } = useTranslation("accounts");
  const networks = useQuery(networksQuery());
  if (networks.isPending) return <Skeleton className="h-14" />;
  if (networks.isError) return <ErrorState error={networks.error} onRetry={() => void networks.refetch()} />;
  return (
    <ul className="grid gap-2">
      {networks.data.map((network) => (
        <li key={network.network}>
          <button
            type="button"
            onClick={() => onPick(network)}
            className="flex w-full items-center gap-3 rounded-lg bg-raised p-3 text-left hover:bg-hairline"
          >
            <NetworkGlyph network={network.network} size="lg" decorative />
            <span className="min-w-0 flex-1">
              <span className="block font-medium">{network.name}</span>
              <span className="block text-sm text-muted">{t(how(network))}</span>
            </span>
            <ChevronRight aria-hidden className="size-4 text-muted" />
          </button>
        </li>
      ))}
    </ul>
  );
}

function how(network: Network): string {
  if (network.auth === "credentials") return "connect.byAppPassword";
  return network.needs_instance ? "connect.byInstance" : "connect.byConsent";
}
