import { ArrowDown, ArrowUp, Trash2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Button } from "@/components/ui/button";
import { useComposer } from "../context";
import { type DraftPart, withField } from "../model/draft";
import { moved } from "../model/media";
import { OwnField } from "./own_field";
import { PartEditor } from "./part_editor";

// The posts that follow the first, each with its own text and pictures.
export function ThreadEditor() {
  const { t } = useTranslation("composer");
  const { content, change, scope, shown, editable } = useComposer();
  const { thread } = content;
  const set = (parts: DraftPart[]): void => change((draft) => withField(draft, scope, "thread", parts));
  const without = shown.filter((destination) => !destination.rules.thread).map((destination) => destination.rules.networkName);

  return (
    <OwnField fields={["thread"]}>
      {without.length > 0 && <p className="text-sm text-warning-text">{t("thread.unsupported", { networks: [...new Set(without)].join(", ") })}</p>}
      <ol className="grid gap-4" aria-label={t("thread.label")}>
        {thread.map((part, at) => (
          <li key={part.key} className="grid gap-2 border-l-2 border-hairline pl-3">
            <div className="-mb-8 flex justify-end gap-1">
              <Button variant="ghost" size="icon" disabled={!editable || at === 0} aria-label={t("thread.up", { number: at + 2 })} icon={<ArrowUp aria-hidden className="size-4" />} onClick={() => set(moved(thread, at, at - 1))} />
              <Button variant="ghost" size="icon" disabled={!editable || at === thread.length - 1} aria-label={t("thread.down", { number: at + 2 })} icon={<ArrowDown aria-hidden className="size-4" />} onClick={() => set(moved(thread, at, at + 1))} />
              <Button variant="ghost" size="icon" disabled={!editable} aria-label={t("thread.remove", { number: at + 2 })} icon={<Trash2 aria-hidden className="size-4" />} onClick={() => set(thread.filter((other) => other.key !== part.key))} />
            </div>
            <PartEditor
              part={part.key}
              index={at + 1}
              label={t("thread.part", { number: at + 2, total: thread.length + 1 })}
              body={part.body}
              onBody={(body) => set(thread.map((other) => (other.key === part.key ? { ...other, body } : other)))}
            />
          </li>
        ))}
      </ol>
    </OwnField>
  );
}
