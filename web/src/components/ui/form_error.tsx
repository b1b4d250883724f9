import { CircleAlert } from "lucide-react";

// What is wrong with a form as a whole; stands above its button.
export function FormError({ children }: { children: string | null | undefined }) {
  if (children == null || children === "") return null;
  return (
    <p role="alert" className="flex items-start gap-2 rounded-lg bg-danger-fill px-3 py-2 text-danger-text">
      <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
      <span className="min-w-0 break-words">{children}</span>
    </p>
  );
}
