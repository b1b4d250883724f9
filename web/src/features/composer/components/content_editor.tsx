import { useState } from "react";
import { Link2, ListPlus, MessageSquarePlus } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Input, Textarea } from "@/components/ui/input";
import { useComposer } from "../context";
import { newPart, withField } from "../model/draft";
import { controlId } from "../model/issues";
import { measures } from "../model/rules";
import { Counters } from "./counters";
import { OptionFields } from "./option_fields";
import { OwnField } from "./own_field";
import { PartEditor } from "./part_editor";
import { ThreadEditor } from "./thread_editor";

// Everything that the tab in front would publish.
export function ContentEditor() {
  const { t } = useTranslation("composer");
  const { content, change, scope, shown, destinations, editable } = useComposer();
  const canThread = shown.some((destination) => destination.rules.thread);
  const canComment = shown.some((destination) => destination.rules.firstComment);
  const [wanted, setWanted] = useState({ link: false, comment: false });
  const showLink = wanted.link || content.link !== "";
  const showComment = wanted.comment || content.first_comment !== "";

  return (
    <div className="grid gap-4">
      <OwnField fields={["body", "media"]}>
        <PartEditor
          part="post"
          index={0}
          label={content.thread.length > 0 ? t("text.firstPart") : t("text.label")}
          placeholder={destinations.length === 0 ? t("text.placeholderNoAccounts") : t("text.placeholder")}
          body={content.body}
          onBody={(body) => change((draft) => withField(draft, scope, "body", body))}
        />
      </OwnField>
      {content.thread.length > 0 && <ThreadEditor />}
      {showLink && (
        <OwnField fields={["link"]}>
          <Field label={t("link.label")} hint={t("link.hint")}>
            <Input
              id={controlId.link}
              type="url"
              inputMode="url"
              placeholder="https://"
              value={content.link}
              disabled={!editable}
              onChange={(event) => change((draft) => withField(draft, scope, "link", event.target.value))}
            />
          </Field>
        </OwnField>
      )}
      {showComment && (
        <OwnField fields={["first_comment"]}>
          <Field label={t("comment.label")} hint={t("comment.hint")}>
            <Textarea
              id={controlId.firstComment}
              value={content.first_comment}
              disabled={!editable}
              onChange={(event) => change((draft) => withField(draft, scope, "first_comment", event.target.value))}
            />
          </Field>
          <Counters measures={measures(shown.filter((destination) => destination.rules.firstComment), () => content.first_comment)} />
        </OwnField>
      )}
      {editable && (
        <div className="flex flex-wrap gap-2">
          {(canThread || content.thread.length > 0) && (
            <Button size="sm" icon={<ListPlus aria-hidden className="size-4" />} onClick={() => change((draft) => withField(draft, scope, "thread", [...content.thread, newPart()]))}>
              {t("thread.add")}
            </Button>
          )}
          {!showComment && canComment && (
            <Button size="sm" icon={<MessageSquarePlus aria-hidden className="size-4" />} onClick={() => setWanted({ ...wanted, comment: true })}>
              {t("comment.add")}
            </Button>
          )}
          {!showLink && (
            <Button size="sm" icon={<Link2 aria-hidden className="size-4" />} onClick={() => setWanted({ ...wanted, link: true })}>
              {t("link.add")}
            </Button>
          )}
        </div>
      )}
      {scope !== "all" && shown[0] !== undefined && <OptionFields destination={shown[0]} />}
    </div>
  );
}
