import { useState } from "react";
import { useQuery } from "@tanstack/react-query";
import { Plus, Share2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty_state";
import { ErrorState } from "@/components/ui/error_state";
import { Page } from "@/components/ui/page";
import { PageHeader } from "@/components/ui/page_header";
import { Skeleton } from "@/components/ui/skeleton";
import { AccountCard } from "@/features/accounts/components/account_card";
import { ConnectDialog } from "@/features/accounts/components/connect_dialog";
import { accountsQuery } from "@/lib/api/queries";
import type { Account, Brand } from "@/lib/api/types";
import { useBrandFilter, useBrands, useCan, useWorkspace } from "@/lib/workspace/context";

export default function AccountsPage() {
  const { t } = useTranslation("accounts");
  const workspace = useWorkspace();
  const mayConnect = useCan("accounts.connect");
  const [connecting, setConnecting] = useState<{ account?: Account } | null>(null);
  const accounts = useQuery(accountsQuery(workspace.id));
  const connectButton = mayConnect && (
    <Button variant="primary" icon={<Plus aria-hidden className="size-4" />} onClick={() => setConnecting({})}>
      {t("connect.title")}
    </Button>
  );
  return (
    <Page>
      <PageHeader title={t("title")} description={t("about")} action={connectButton} />
      {accounts.isPending ? (
        <Skeleton className="h-40" />
      ) : accounts.isError ? (
        <ErrorState error={accounts.error} onRetry={() => void accounts.refetch()} />
      ) : (
        <ByBrand accounts={accounts.data} onReconnect={(account) => setConnecting({ account })} onConnect={() => setConnecting({})} />
      )}
      {connecting !== null && <ConnectDialog {...connecting} onClose={() => setConnecting(null)} />}
    </Page>
  );
}

type ByBrandProps = { accounts: Account[]; onReconnect: (account: Account) => void; onConnect: () => void };

function ByBrand({ accounts, onReconnect, onConnect }: ByBrandProps) {
  const { t } = useTranslation("accounts");
  const brands = useBrands();
  const [chosen] = useBrandFilter();
  const mayConnect = useCan("accounts.connect");
  const shown: Brand[] = chosen === null ? brands : [chosen];
  const inBrand = (brand: Brand): Account[] => accounts.filter((account) => account.brand_id === brand.id).sort(byUrgency);
  if (shown.every((brand) => inBrand(brand).length === 0)) {
    return (
      <EmptyState
        icon={<Share2 />}
        title={t("empty.title")}
        action={
          mayConnect && (
            <Button variant="primary" onClick={onConnect}>
              {t("connect.title")}
            </Button>
          )
        }
      >
        {t("empty.about")}
      </EmptyState>
    );
  }
  return (
    <div className="grid gap-8">
      {shown.map((brand) => (
        <section key={brand.id} aria-label={brand.name}>
          {shown.length > 1 && <h2 className="mb-3 font-semibold">{brand.name}</h2>}
          {inBrand(brand).length === 0 ? (
            <p className="text-muted">{t("empty.brand")}</p>
          ) : (
            <ul className="grid gap-3 sm:grid-cols-2 xl:grid-cols-3">
              {inBrand(brand).map((account) => (
                <AccountCard key={account.id} account={account} onReconnect={() => onReconnect(account)} />
              ))}
            </ul>
          )}
        </section>
      ))}
    </div>
  );
}

const order: Record<Account["state"], number> = { needs_reconnect: 0, paused: 1, active: 2, disconnected: 3 };

function byUrgency(a: Account, b: Account): number {
  return order[a.state] - order[b.state] || a.name.localeCompare(b.name);
}
