import { useQuery } from "@tanstack/react-query";
import { ListFilter, X } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/input";
import { networkName } from "@/components/ui/network_glyph";
import { Popover } from "@/components/ui/popover";
import { accountsQuery, labelsQuery } from "@/lib/api/queries";
import { useBrandFilter, useCan, useWorkspace } from "@/lib/workspace/context";
import { membersQuery } from "../api/members";
import { type PostFilter, filterNames } from "../model/filters";
import { statuses } from "../search";

export type FilterBarProps = { filter: PostFilter; onChange: (filter: PostFilter) => void };

// Narrows lists and calendar; what is chosen stands in the address.
export function FilterBar({ filter, onChange }: FilterBarProps) {
  const { t } = useTranslation("posts");
  const active = filterNames.filter((name) => filter[name] !== undefined).length;
  return (
    <div className="flex items-center gap-1">
      <Popover
        label={t("filter.title")}
        align="end"
        className="w-72"
        trigger={
          <Button icon={<ListFilter aria-hidden className="size-4" />}>
            {t("filter.title")}
            {active > 0 && (
              <span className="rounded-full bg-accent-solid px-1.5 text-xs text-on-accent">
                {active}
                <span className="sr-only"> {t("filter.active")}</span>
              </span>
            )}
          </Button>
        }
      >
        <FilterFields filter={filter} onChange={onChange} />
      </Popover>
      {active > 0 && (
        <Button variant="ghost" size="icon" aria-label={t("filter.clear")} icon={<X aria-hidden className="size-4" />} onClick={() => onChange({})} />
      )}
    </div>
  );
}

function FilterFields({ filter, onChange }: FilterBarProps) {
  const { t } = useTranslation("posts");
  const { id: ws } = useWorkspace();
  const [brand] = useBrandFilter();
  const mayViewUsers = useCan("users.view");
  const allAccounts = useQuery(accountsQuery(ws)).data ?? [];
  const labels = useQuery(labelsQuery(ws)).data ?? [];
  const members = useQuery({ ...membersQuery(ws), enabled: mayViewUsers }).data ?? [];
  const accounts = allAccounts.filter((account) => brand === null || account.brand_id === brand.id);
  const networks = [...new Set(accounts.map((account) => account.network))].sort();
  const choices: Record<keyof PostFilter, { value: string; label: string }[]> = {
    status: statuses.map((value) => ({ value, label: t(`state.${value}`, { ns: "common" }) })),
    network: networks.map((value) => ({ value, label: networkName(value) })),
    account: accounts.map((account) => ({ value: account.id, label: `${networkName(account.network)} @${account.handle.replace(/^@/, "")}` })),
    label: labels.map((label) => ({ value: label.id, label: label.name })),
    author: members.map((member) => ({ value: member.user_id, label: member.name })),
  };
  return (
    <div className="grid gap-3">
      {filterNames
        .filter((name) => choices[name].length > 0)
        .map((name) => (
          <Field key={name} label={t(`filter.${name}`)}>
            <Select value={filter[name] ?? ""} onChange={(event) => onChange(withValue(filter, name, event.target.value))}>
              <option value="">{t("filter.any")}</option>
              {choices[name].map((choice) => (
                <option key={choice.value} value={choice.value}>
                  {choice.label}
                </option>
              ))}
            </Select>
          </Field>
        ))}
    </div>
  );
}

function withValue(filter: PostFilter, name: keyof PostFilter, value: string): PostFilter {
  const next = { ...filter, [name]: value };
  if (value === "") Reflect.deleteProperty(next, name);
  return next;
}
