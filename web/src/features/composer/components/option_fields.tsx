import { useTranslation } from "react-i18next";
import { Field } from "@/components/ui/field";
import { Input, Select } from "@/components/ui/input";
import { Switch } from "@/components/ui/switch";
import { useComposer } from "../context";
import { withOption } from "../model/draft";
import { controlId } from "../model/issues";
import type { Destination, OptionField } from "../model/rules";

// What only this network asks for, generated from its own list of fields.
export function OptionFields({ destination }: { destination: Destination }) {
  const { t } = useTranslation("composer");
  const { fields, networkName } = destination.rules;
  if (fields.length === 0) return null;
  return (
    <fieldset className="grid gap-3 border-t border-hairline pt-4">
      <legend className="sr-only">{t("options.title", { network: networkName })}</legend>
      <p aria-hidden className="font-medium">
        {t("options.title", { network: networkName })}
      </p>
      <div className="grid gap-3 sm:grid-cols-2">
        {fields.map((field) => (
          <OptionControl key={field.name} field={field} destination={destination} />
        ))}
      </div>
    </fieldset>
  );
}

function OptionControl({ field, destination }: { field: OptionField; destination: Destination }) {
  const { t } = useTranslation("composer");
  const { change, editable } = useComposer();
  const value = destination.target.options[field.name];
  const set = (next: unknown): void => change((draft) => withOption(draft, destination.key, field.name, next));
  const label = field.required ? `${field.label} *` : field.label;
  const id = controlId.option(field.name);

  if (field.type === "boolean") {
    return (
      <div id={id} tabIndex={-1} className="flex items-center justify-between gap-3 sm:self-end sm:pb-2">
        <span className="text-sm font-medium">{label}</span>
        <Switch checked={value === true} disabled={!editable} label={field.label} onCheckedChange={(checked) => set(checked ? true : undefined)} />
      </div>
    );
  }
  if (field.type === "enum") {
    return (
      <Field label={label}>
        <Select id={id} value={typeof value === "string" ? value : ""} disabled={!editable} onChange={(event) => set(event.target.value)}>
          <option value="">{t("options.default")}</option>
          {field.options.map((choice) => (
            <option key={choice.value} value={choice.value}>
              {choice.label}
            </option>
          ))}
        </Select>
      </Field>
    );
  }
  return (
    <Field label={label}>
      <Input
        id={id}
        type={field.type === "integer" ? "number" : "text"}
        maxLength={field.max_length ?? undefined}
        value={typeof value === "string" || typeof value === "number" ? value : ""}
        disabled={!editable}
        onChange={(event) => set(field.type === "integer" && event.target.value !== "" ? Number(event.target.value) : event.target.value)}
      />
    </Field>
  );
}
