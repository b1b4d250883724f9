import { Link } from "@tanstack/react-router";
import { CircleAlert, CirclePause, Plus } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Avatar } from "@/components/ui/avatar";
import { buttonClass } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/input";
import { networkName } from "@/components/ui/network_glyph";
import type { Account, Brand } from "@/lib/api/types";
import { cx } from "@/lib/cx";
import { useCan } from "@/lib/workspace/context";
import { useComposer } from "../context";
import { withAccount } from "../model/draft";
import { controlId } from "../model/issues";
import { defaultKind } from "../model/rules";

// Who publishes it: the accounts of one brand as toggles.
export function AccountPicker({ brands }: { brands: readonly Brand[] }) {
  const { t } = useTranslation("composer");
  const { draft, change, accounts, editable, snapshot } = useComposer();
  const mayConnect = useCan("accounts.connect", draft.brand_id);
  const offered = accounts.filter((account) => account.brand_id === draft.brand_id && (account.state !== "disconnected" || draft.targets.some((target) => target.account_id === account.id)));
  const isStored = snapshot.stored !== null;

  return (
    <section aria-label={t("accounts.title")} className="grid gap-3 rounded-card bg-surface p-4">
      {brands.length > 1 && (
        <Field label={t("brand.label")} hint={isStored ? t("brand.fixed") : undefined} className="max-w-xs">
          <Select
            value={draft.brand_id}
            disabled={isStored || !editable}
            onChange={(event) => change((current) => ({ ...current, brand_id: event.target.value, targets: [], labels: [] }))}
          >
            {brands.map((brand) => (
              <option key={brand.id} value={brand.id}>
                {brand.name}
              </option>
            ))}
          </Select>
        </Field>
      )}
      <div role="group" aria-label={t("accounts.title")} id={controlId.accounts} tabIndex={-1} className="flex flex-wrap gap-2">
        {offered.map((account) => (
          <AccountToggle key={account.id} account={account} />
        ))}
        {offered.length === 0 && <p className="py-2 text-muted">{mayConnect ? t("accounts.none") : t("accounts.noneAsk")}</p>}
        {mayConnect && (
          <Link to="/accounts" className={buttonClass("ghost", "md")}>
            <Plus aria-hidden className="size-4" />
            {t("accounts.connect")}
          </Link>
        )}
      </div>
    </section>
  );
}

function AccountToggle({ account }: { account: Account }) {
  const { t } = useTranslation("composer");
  const { draft, change, editable, networks } = useComposer();
  const isChosen = draft.targets.some((target) => target.account_id === account.id);
  const problem = account.state === "active" ? null : t(`state.${account.state}`, { ns: "common" });
  return (
    <button
      type="button"
      aria-pressed={isChosen}
      disabled={!editable}
      title={`${account.name} · ${networkName(account.network)}`}
      onClick={() => change((current) => withAccount(current, account.id, defaultKind(account, networks), !isChosen))}
      className={cx(
        "flex min-h-11 max-w-full items-center gap-2.5 rounded-full border py-1 pr-3.5 pl-1.5 text-left transition disabled:cursor-not-allowed",
        isChosen ? "border-accent-text bg-accent-fill" : "border-hairline bg-page opacity-80 hover:opacity-100",
      )}
    >
      <Avatar name={account.name} src={account.avatar_url} network={account.network} />
      <span className="min-w-0">
        <span className="sr-only">{networkName(account.network)} </span>
        <span className="block truncate text-sm font-medium">{account.handle === "" ? account.name : `@${account.handle.replace(/^@/, "")}`}</span>
        {problem !== null && (
          <span className="flex items-center gap-1 text-xs text-warning-text">
            {account.state === "paused" ? <CirclePause aria-hidden className="size-3" /> : <CircleAlert aria-hidden className="size-3" />}
            {problem}
          </span>
        )}
      </span>
    </button>
  );
}
