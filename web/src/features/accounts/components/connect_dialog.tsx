import { useState } from "react";
import { useQuery } from "@tanstack/react-query";
import { ArrowLeft } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/input";
import { ConnectSteps, type Preset } from "@/features/accounts/components/connect_steps";
import { NetworkPicker } from "@/features/accounts/components/network_picker";
import { networksQuery } from "@/lib/api/queries";
import type { Account, Network } from "@/lib/api/types";
import { useBrandFilter, useBrands, useCanIn } from "@/lib/workspace/context";

export type ConnectDialogProps = {
  onClose: () => void;
  // Reconnecting: the network, brand and instance are known.
  account?: Account;
};

export function ConnectDialog({ onClose, account }: ConnectDialogProps) {
  const { t } = useTranslation("accounts");
  const networks = useQuery(networksQuery()).data;
  const brands = useBrands();
  const canIn = useCanIn();
  const [filter] = useBrandFilter();
  const mine = brands.filter((brand) => canIn("accounts.connect", brand.id));
  const [brandId, setBrandId] = useState<string | null>(account?.brand_id ?? filter?.id ?? null);
  const brand = mine.find(({ id }) => id === brandId) ?? mine[0];
  const [picked, setPicked] = useState<Network | null>(null);
  const network = account === undefined ? picked : (networks?.find((candidate) => candidate.network === account.network) ?? null);
  const title =
    network === null
      ? t("connect.title")
      : t(account === undefined ? "connect.titleOf" : "connect.again", { network: network.name, handle: account?.handle });
  const preset: Preset =
    account === undefined ? {} : { handle: account.handle, ...(account.instance == null ? {} : { instance: account.instance }) };

  return (
    <Dialog open onOpenChange={onClose} title={title} {...(network === null ? { description: t("connect.about") } : {})}>
      {account === undefined && mine.length > 1 && (
        <Field label={t("connect.brand")}>
          <Select value={brand?.id ?? ""} onChange={(event) => setBrandId(event.target.value)}>
            {mine.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </Select>
        </Field>
      )}
      {network === null || brand === undefined ? (
        <NetworkPicker onPick={setPicked} />
      ) : (
        <ConnectSteps network={network} brandId={brand.id} preset={preset} onConnected={onClose} />
      )}
      {network !== null && account === undefined && (
        <Button
          variant="ghost"
          size="sm"
          className="self-start"
          icon={<ArrowLeft aria-hidden className="size-4" />}
          onClick={() => setPicked(null)}
        >
          {t("connect.other")}
        </Button>
      )}
    </Dialog>
  );
}
