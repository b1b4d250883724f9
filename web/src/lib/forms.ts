// Puts what the server refused at the inputs of a react-hook-form.
import type { FieldValues, Path, UseFormSetError } from "react-hook-form";
import { isApiError } from "@/lib/api/error";
import { restOfError } from "@/lib/api/form_errors";

// `fields` maps the server's JSON pointers to the form's names: {"/email": "email"}. Returns the words that belong
// to no input, for above the button; null when every message found its place.
export function showServerErrors<Values extends FieldValues>(
  error: unknown,
  setError: UseFormSetError<Values>,
  fields: Readonly<Record<string, Path<Values>>>,
): string | null {
  if (isApiError(error)) {
    let first = true;
    for (const { field, message } of error.errors) {
      const name = fields[field];
      if (name === undefined) continue;
      setError(name, { type: "server", message }, { shouldFocus: first });
      first = false;
    }
  }
  return restOfError(error, Object.keys(fields));
}
