import { useLayoutEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Field } from "@/components/ui/field";
import { Textarea } from "@/components/ui/input";
import { cx } from "@/lib/cx";
import { useComposer } from "../context";
import { controlId } from "../model/issues";
import type { PartKey } from "../model/media";
import { effectiveContent } from "../model/draft";
import { measures } from "../model/rules";
import { Counters } from "./counters";
import { MediaTray } from "./media_tray";

export type PartEditorProps = {
  part: PartKey;
  // 0 = the post itself, 1… = its thread.
  index: number;
  label: string;
  placeholder?: string;
  body: string;
  onBody: (body: string) => void;
};

// One post's text with its counters and pictures. Pictures can be dropped or pasted anywhere on it.
export function PartEditor({ part, index, label, placeholder, body, onBody }: PartEditorProps) {
  const { t } = useTranslation("composer");
  const { draft, shown, scope, editable, uploads } = useComposer();
  const [isOver, setIsOver] = useState(false);
  const area = useRef<HTMLTextAreaElement>(null);

  // Grows with its text; the page scrolls, not the box.
  useLayoutEffect(() => {
    const element = area.current;
    if (element === null) return;
    element.style.height = "auto";
    element.style.height = `${element.scrollHeight + 2}px`;
  }, [body]);

  const take = (files: FileList | null): boolean => {
    const images = [...(files ?? [])].filter((file) => file.type.startsWith("image/"));
    if (images.length > 0 && editable) uploads.add(images, scope, part);
    return images.length > 0;
  };
  // In "All", an account with its own text is measured by that text.
  const counted = measures(shown, (destination) => (scope === "all" && index === 0 ? effectiveContent(draft, destination.key).body : body));

  return (
    // Dropping is a shortcut for the button of the tray.
    // eslint-disable-next-line jsx-a11y/no-static-element-interactions
    <div
      className={cx("grid gap-2 rounded-lg", isOver && "outline-2 outline-offset-4 outline-accent-text outline-dashed")}
      onDragOver={(event) => {
        if (!event.dataTransfer.types.includes("Files")) return;
        event.preventDefault();
        setIsOver(true);
      }}
      onDragLeave={() => setIsOver(false)}
      onDrop={(event) => {
        setIsOver(false);
        if (take(event.dataTransfer.files)) event.preventDefault();
      }}
    >
      <Field label={label}>
        <Textarea
          ref={area}
          id={index === 0 ? controlId.body : controlId.thread(index - 1)}
          value={body}
          placeholder={placeholder}
          disabled={!editable}
          rows={index === 0 ? 5 : 3}
          onChange={(event) => onBody(event.target.value)}
          onPaste={(event) => {
            if (take(event.clipboardData.files)) event.preventDefault();
          }}
          className="resize-none overflow-hidden text-[15px] leading-relaxed"
        />
      </Field>
      {shown.length === 0 ? <p className="text-sm text-muted">{t("counter.noAccounts")}</p> : <Counters measures={counted} />}
      <MediaTray part={part} index={index} />
    </div>
  );
}
