// Where the network's consent page sends the browser back to: the choice of what to connect, or why it failed.
import { useState } from "react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { Unplug } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Avatar } from "@/components/ui/avatar";
import { Badge } from "@/components/ui/badge";
import { Button, buttonClass } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty_state";
import { ErrorState } from "@/components/ui/error_state";
import { FormError } from "@/components/ui/form_error";
import { Page } from "@/components/ui/page";
import { PageHeader } from "@/components/ui/page_header";
import { Skeleton } from "@/components/ui/skeleton";
import { destinationsQuery } from "@/features/accounts/api/destinations";
import { useConnectDestinations } from "@/features/accounts/api/mutations";
import { firstRun } from "@/features/accounts/first_run";
import { restOfError } from "@/lib/api/form_errors";
import type { Destination } from "@/lib/api/types";
import { showToast } from "@/lib/toast";
import { useWorkspace } from "@/lib/workspace/context";

const route = getRouteApi("/app/accounts/connect");

export default function ConnectedPage() {
  const { t } = useTranslation("accounts");
  const { connection, error } = route.useSearch();
  return (
    <Page narrow>
      <PageHeader title={t("connected.title")} />
      {connection === undefined ? <Refused code={error ?? "unknown"} /> : <Destinations connection={connection} />}
    </Page>
  );
}

function Refused({ code }: { code: string }) {
  const { t } = useTranslation("accounts");
  return (
    <EmptyState
      icon={<Unplug />}
      title={t("refused.title")}
      action={
        <Link to="/accounts" className={buttonClass("primary")}>
          {t("refused.back")}
        </Link>
      }
    >
      {t(`refused.${code}`, { defaultValue: t("refused.other", { code }) })}
    </EmptyState>
  );
}

function Destinations({ connection }: { connection: string }) {
  const workspace = useWorkspace();
  const destinations = useQuery(destinationsQuery(workspace.id, connection));
  if (destinations.isPending) return <Skeleton className="h-16" />;
  if (destinations.isError) return <ErrorState error={destinations.error} onRetry={() => void destinations.refetch()} />;
  return <Choice connection={connection} destinations={destinations.data} />;
}

function Choice({ connection, destinations }: { connection: string; destinations: Destination[] }) {
  const { t } = useTranslation("accounts");
  const workspace = useWorkspace();
  const navigate = useNavigate();
  const connect = useConnectDestinations(workspace.id);
  // A network without a choice gives one entry: it is meant.
  const [chosen, setChosen] = useState<ReadonlySet<string>>(
    () => new Set(destinations.length === 1 ? destinations.map(({ id }) => id) : []),
  );
  const toggle = (id: string): void => {
    const next = new Set(chosen);
    if (!next.delete(id)) next.add(id);
    setChosen(next);
  };
  const submit = (): void =>
    connect.mutate(
      { connection, ids: [...chosen] },
      {
        onSuccess: (accounts) => {
          showToast({ text: t("connect.done", { handle: accounts.map(({ handle }) => handle).join(", ") }), tone: "success" });
          const isFirst = firstRun.isOn();
          firstRun.end();
          void (isFirst ? navigate({ to: "/compose", search: { sample: true } }) : navigate({ to: "/accounts" }));
        },
      },
    );
  return (
    <Card as="div">
      <fieldset>
        <legend className="mb-3 text-muted">{t("connected.choose")}</legend>
        <ul className="grid gap-2">
          {destinations.map((destination) => (
            <li key={destination.id}>
              <label className="flex cursor-pointer items-center gap-3 rounded-lg bg-raised p-3 has-checked:bg-accent-fill">
                <input
                  type="checkbox"
                  checked={chosen.has(destination.id)}
                  onChange={() => toggle(destination.id)}
                  className="size-4 accent-(--accent-solid)"
                />
                <Avatar name={destination.name} src={destination.avatar_url} />
                <span className="min-w-0 flex-1">
                  <span className="block truncate font-medium">{destination.name}</span>
                  <span className="block truncate text-sm text-muted">{destination.handle}</span>
                </span>
                {destination.connected && <Badge>{t("connected.already")}</Badge>}
              </label>
            </li>
          ))}
        </ul>
      </fieldset>
      <div className="mt-4 grid gap-3">
        <FormError>{restOfError(connect.error, [])}</FormError>
        <Button variant="primary" disabled={chosen.size === 0} busy={connect.isPending} onClick={submit} className="justify-self-end">
          {t("connected.submit", { count: chosen.size })}
        </Button>
      </div>
    </Card>
  );
}
