import { Switch as Radix } from "radix-ui";

export function Switch({
  checked,
  onCheckedChange,
  label,
  disabled = false,
}: {
  checked: boolean;
  onCheckedChange: (checked: boolean) => void;
  label: string;
  disabled?: boolean;
}) {
  return (
    <Radix.Root
      aria-label={label}
      checked={checked}
      disabled={disabled}
      onCheckedChange={onCheckedChange}
      className="inline-flex h-6 w-10 shrink-0 items-center rounded-full border border-control bg-page p-0.5 transition-colors disabled:opacity-55 data-[state=checked]:border-accent-solid data-[state=checked]:bg-accent-solid"
    >
      <Radix.Thumb className="size-4.5 rounded-full bg-muted transition-transform data-[state=checked]:translate-x-4 data-[state=checked]:bg-white" />
    </Radix.Root>
  );
}
