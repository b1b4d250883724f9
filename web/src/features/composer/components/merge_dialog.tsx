import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { networkName } from "@/components/ui/network_glyph";
import type { Post } from "@/lib/api/types";
import { cx } from "@/lib/cx";
import { useFormat } from "@/lib/workspace/context";
import { useComposer } from "../context";
import { type Draft, draftFromPost } from "../model/draft";
import { type Difference, differences, merged, type Side } from "../model/merge";
import { useValueText } from "./value_text";

// Somebody saved meanwhile: every difference with both texts; the person chooses, the rest merges by itself.
export function MergeDialog() {
  const { snapshot, merging } = useComposer();
  if (snapshot.save.phase !== "conflict" || !merging) return null;
  return <Merge key={snapshot.save.theirs.version} theirs={snapshot.save.theirs} />;
}

function Merge({ theirs }: { theirs: Post }) {
  const { t } = useTranslation("composer");
  const { draft, snapshot, store, setMerging } = useComposer();
  const format = useFormat();
  const [choices, setChoices] = useState<ReadonlyMap<string, Side>>(new Map());
  const theirDraft = useMemo(() => draftFromPost(theirs), [theirs]);
  const base = snapshot.stored?.draft ?? theirDraft;
  const rows = differences(base, draft, theirDraft);
  const finish = (result: Draft): void => {
    // The next conflict shows itself again.
    setMerging(true);
    store.resolve(result, theirs);
  };

  return (
    <Dialog
      open
      wide
      onOpenChange={setMerging}
      title={t("merge.title")}
      description={t("merge.text", { time: format.time(theirs.updated_at) })}
      footer={
        <>
          <Button onClick={() => finish(theirDraft)}>{t("merge.takeTheirs")}</Button>
          <Button variant="primary" onClick={() => finish(merged(rows, choices, draft, theirDraft))}>
            {t("merge.confirm")}
          </Button>
        </>
      }
    >
      {rows.length === 0 && <p className="text-muted">{t("merge.same")}</p>}
      <div className="grid gap-4">
        {rows.map((row) => (
          <Row key={row.slot} row={row} choice={choices.get(row.slot) ?? row.suggested} onChoose={(side) => setChoices(new Map(choices).set(row.slot, side))} />
        ))}
      </div>
    </Dialog>
  );
}

function Row({ row, choice, onChoose }: { row: Difference; choice: Side; onChoose: (side: Side) => void }) {
  const { t } = useTranslation("composer");
  const { accounts } = useComposer();
  const text = useValueText();
  const account = accounts.find((candidate) => candidate.id === row.target?.account_id);
  const where = account === undefined ? t("tabs.all") : `${networkName(account.network)} @${account.handle.replace(/^@/, "")}`;
  return (
    <fieldset className="grid gap-2">
      <legend className="mb-2 flex flex-wrap items-center gap-2 font-medium">
        {t(`field.${row.field}`)} <span className="text-sm font-normal text-muted">{where}</span>
        {row.conflict && <Badge tone="warning">{t("merge.both")}</Badge>}
      </legend>
      <div className="grid gap-2 sm:grid-cols-2">
        {(["mine", "theirs"] as const).map((side) => (
          <label key={side} className={cx("flex cursor-pointer items-start gap-2.5 rounded-lg border p-3", choice === side ? "border-accent-text bg-accent-fill" : "border-hairline bg-page")}>
            <input type="radio" name={row.slot} checked={choice === side} onChange={() => onChoose(side)} className="mt-1 accent-(--accent-solid)" />
            <span className="min-w-0">
              <span className="block text-xs font-medium text-muted">{t(`merge.${side}`)}</span>
              <span className="block max-h-48 overflow-y-auto wrap-anywhere whitespace-pre-wrap">{text(row, row[side])}</span>
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
