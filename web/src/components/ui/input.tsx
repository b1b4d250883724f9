import type { InputHTMLAttributes, Ref, SelectHTMLAttributes, TextareaHTMLAttributes } from "react";
import { cx } from "@/lib/cx";

export const controlClass =
  "w-full rounded-lg border border-control bg-page px-3 text-text transition-colors hover:border-muted aria-invalid:border-danger-text disabled:opacity-55";

export type InputProps = InputHTMLAttributes<HTMLInputElement> & { ref?: Ref<HTMLInputElement> };

export function Input({ className, ...rest }: InputProps) {
  return <input {...rest} className={cx(controlClass, "h-10", className)} />;
}

export type TextareaProps = TextareaHTMLAttributes<HTMLTextAreaElement> & { ref?: Ref<HTMLTextAreaElement> };

export function Textarea({ className, ...rest }: TextareaProps) {
  return <textarea {...rest} className={cx(controlClass, "min-h-24 resize-y py-2", className)} />;
}

// The system's own list: works with keyboard, screen reader and phone without help from us.
export type SelectProps = SelectHTMLAttributes<HTMLSelectElement> & { ref?: Ref<HTMLSelectElement> };

export function Select({ className, children, ...rest }: SelectProps) {
  return (
    <select {...rest} className={cx(controlClass, "h-10 pr-8", className)}>
      {children}
    </select>
  );
}
