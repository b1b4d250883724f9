import type { ReactNode } from "react";
import { cx } from "@/lib/cx";

// The frame of a page inside the shell.
export function Page({ children, narrow = false, className }: { children: ReactNode; narrow?: boolean; className?: string }) {
  return <div className={cx("mx-auto w-full px-4 py-5 sm:px-6 sm:py-6", narrow ? "max-w-3xl" : "max-w-7xl", className)}>{children}</div>;
}
