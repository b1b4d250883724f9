import { useState } from "react";
import { Ellipsis } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Avatar } from "@/components/ui/avatar";
import { Button } from "@/components/ui/button";
import { Menu, MenuItem, MenuSeparator } from "@/components/ui/menu";
import { networkName } from "@/components/ui/network_glyph";
import { StateBadge } from "@/components/ui/state_badge";
import { usePauseAccount, useRefreshAccount, useResumeAccount } from "@/features/accounts/api/mutations";
import { AccountHealth } from "@/features/accounts/components/account_health";
import { DisconnectDialog } from "@/features/accounts/components/disconnect_dialog";
import type { Account } from "@/lib/api/types";
import { showToast, toastError } from "@/lib/toast";
import { useCan, useWorkspace } from "@/lib/workspace/context";

export function AccountCard({ account, onReconnect }: { account: Account; onReconnect: () => void }) {
  const { t } = useTranslation("accounts");
  const mayConnect = useCan("accounts.connect", account.brand_id);
  const needsHand = account.state === "needs_reconnect" || account.state === "disconnected";
  return (
    <li className="flex flex-col gap-3 rounded-card bg-surface p-4">
      <div className="flex items-start gap-3">
        <Avatar name={account.name} src={account.avatar_url} network={account.network} />
        <div className="min-w-0 flex-1">
          <p className="truncate font-medium">{account.name}</p>
          <p className="truncate text-sm text-muted">
            {networkName(account.network)} · {account.handle}
          </p>
        </div>
        <AccountMenu account={account} onReconnect={onReconnect} />
      </div>
      <StateBadge state={account.state} className="self-start" />
      <AccountHealth account={account} />
      {needsHand && mayConnect && (
        <Button variant={account.state === "needs_reconnect" ? "primary" : "secondary"} size="sm" className="mt-auto" onClick={onReconnect}>
          {t("card.reconnect")}
        </Button>
      )}
    </li>
  );
}

function AccountMenu({ account, onReconnect }: { account: Account; onReconnect: () => void }) {
  const { t } = useTranslation("accounts");
  const workspace = useWorkspace();
  const [asking, setAsking] = useState(false);
  const mayConnect = useCan("accounts.connect", account.brand_id);
  const mayPause = useCan("posts.publish", account.brand_id);
  const mayDisconnect = useCan("accounts.disconnect", account.brand_id);
  const pause = usePauseAccount(workspace.id);
  const resume = useResumeAccount(workspace.id);
  const check = useRefreshAccount(workspace.id);
  const connected = account.state !== "disconnected";
  if (!connected || (!mayConnect && !mayPause && !mayDisconnect)) return null;
  return (
    <>
      <Menu
        align="end"
        trigger={
          <Button
            variant="ghost"
            size="icon"
            aria-label={t("card.menu", { handle: account.handle })}
            icon={<Ellipsis aria-hidden className="size-4" />}
            className="-mt-1 -mr-1"
          />
        }
      >
        {mayConnect && <MenuItem onSelect={onReconnect}>{t("card.reconnect")}</MenuItem>}
        {mayConnect && (
          <MenuItem
            onSelect={() =>
              check.mutate(account.id, {
                onError: toastError,
                onSuccess: () => showToast({ text: t("card.checked", { handle: account.handle }), tone: "success" }),
              })
            }
          >
            {t("card.check")}
          </MenuItem>
        )}
        {mayPause && account.state === "paused" && (
          <MenuItem onSelect={() => resume.mutate({ account: account.id, then: "shift" }, { onError: toastError })}>
            {t("card.resume")}
          </MenuItem>
        )}
        {mayPause && account.state === "active" && (
          <MenuItem
            onSelect={() =>
              pause.mutate(
                { account: account.id, reason: t("card.pauseReason") },
                {
                  onError: toastError,
                  onSuccess: () =>
                    showToast({
                      text: t("card.paused", { handle: account.handle }),
                      action: {
                        label: t("common:action.undo"),
                        run: () => resume.mutate({ account: account.id, then: "send" }, { onError: toastError }),
                      },
                      lasts: 8000,
                    }),
                },
              )
            }
          >
            {t("card.pause")}
          </MenuItem>
        )}
        {mayDisconnect && (
          <>
            <MenuSeparator />
            <MenuItem danger onSelect={() => setAsking(true)}>
              {t("card.disconnect")}
            </MenuItem>
          </>
        )}
      </Menu>
      {asking && <DisconnectDialog account={account} onClose={() => setAsking(false)} />}
    </>
  );
}
