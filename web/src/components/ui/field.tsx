import { cloneElement, useId, type ReactElement, type ReactNode } from "react";
import { cx } from "@/lib/cx";

export type FieldProps = {
  label: ReactNode;
  hint?: ReactNode;
  // Words for what is wrong; falsy when nothing is.
  error?: string | null | undefined;
  // Keeps the label for screen readers only.
  hideLabel?: boolean;
  className?: string;
  // One control: Input, Textarea, Select, or anything that takes id and aria-*.
  children: ReactElement<{ id?: string; "aria-describedby"?: string | undefined; "aria-invalid"?: boolean | undefined }>;
};

// A labelled control with its hint and its error, wired together for screen readers.
export function Field({ label, hint, error, hideLabel = false, className, children }: FieldProps) {
  const base = useId();
  const id = children.props.id ?? base;
  const hasError = error != null && error !== "";
  const described = cx(hint != null && `${base}-hint`, hasError && `${base}-error`);
  return (
    <div className={cx("grid content-start gap-1.5", className)}>
      <label htmlFor={id} className={hideLabel ? "sr-only" : "text-sm font-medium"}>
        {label}
      </label>
      {cloneElement(children, { id, "aria-describedby": described === "" ? undefined : described, "aria-invalid": hasError || undefined })}
      {hint != null && (
        <p id={`${base}-hint`} className="text-sm text-muted">
          {hint}
        </p>
      )}
      {hasError && (
        <p id={`${base}-error`} role="alert" className="text-sm text-danger-text">
          {error}
        </p>
      )}
    </div>
  );
}
