import type { ReactNode } from "react";
import { Plus } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Button } from "@/components/ui/button";
import { Menu, MenuItem } from "@/components/ui/menu";
import { NetworkGlyph, networkName } from "@/components/ui/network_glyph";
import { TabPanel, Tabs, type TabItem } from "@/components/ui/tabs";
import { useComposer } from "../context";
import { differs } from "../model/draft";
import type { Destination } from "../model/rules";

// So many accounts each have a tab; of more, only those that differ, and the others stand in a menu.
const tabsForAll = 6;

// "All", and a tab for each account, marked where its content differs.
export function ScopeTabs({ children }: { children: ReactNode }) {
  const { t } = useTranslation("composer");
  const { destinations, scope, setScope } = useComposer();
  const open = destinations.filter((destination) => destinations.length <= tabsForAll || differs(destination.target) || destination.key === scope);
  const others = destinations.filter((destination) => !open.includes(destination));
  if (destinations.length === 0) return <div className="rounded-card bg-surface p-4">{children}</div>;

  const items: TabItem[] = [
    { value: "all", label: t("tabs.all") },
    ...open.map((destination) => ({ value: destination.key, label: <TabLabel destination={destination} siblings={destinations} /> })),
  ];
  return (
    <div className="relative rounded-card bg-surface px-4 pt-1 pb-4">
      <Tabs value={scope} onValueChange={setScope} label={t("tabs.label")} items={items} className={others.length > 0 ? "[&>[role=tablist]]:pr-36" : ""}>
        {items.map((item) => (
          <TabPanel key={item.value} value={item.value} className="pt-4">
            {item.value === scope && children}
          </TabPanel>
        ))}
      </Tabs>
      {others.length > 0 && (
        <div className="absolute top-2 right-3">
          <Menu
            align="end"
            trigger={
              <Button size="sm" icon={<Plus aria-hidden className="size-4" />}>
                {t("tabs.adapt")}
              </Button>
            }
          >
            {others.map((destination) => (
              <MenuItem key={destination.key} icon={<NetworkGlyph network={destination.rules.network} size="sm" />} onSelect={() => setScope(destination.key)}>
                {destination.account.handle}
              </MenuItem>
            ))}
          </Menu>
        </div>
      )}
    </div>
  );
}

function TabLabel({ destination, siblings }: { destination: Destination; siblings: readonly Destination[] }) {
  const { t } = useTranslation("composer");
  const { network } = destination.rules;
  const isOnlyOne = siblings.filter((sibling) => sibling.rules.network === network).length === 1;
  return (
    <>
      <NetworkGlyph network={network} size="sm" decorative />
      <span className="max-w-40 truncate">{isOnlyOne ? networkName(network) : `${networkName(network)} @${destination.account.handle}`}</span>
      {differs(destination.target) && (
        <span className="flex items-center gap-1 rounded-full bg-accent-fill px-1.5 text-xs text-accent-text">
          <span aria-hidden>≠</span>
          {t("tabs.differs")}
        </span>
      )}
    </>
  );
}
