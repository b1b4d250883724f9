export function Kbd({ children }: { children: string }) {
  return (
    <kbd className="inline-flex h-5 min-w-5 items-center justify-center rounded border border-hairline bg-page px-1.5 font-sans text-xs text-muted">
      {children}
    </kbd>
  );
}
