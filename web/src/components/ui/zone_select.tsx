import type { SelectProps } from "@/components/ui/input";
import { Select } from "@/components/ui/input";
import { allZones, isZone, offsetAt } from "@/lib/zoned";

const now = new Date();
const zones = allZones().map((zone) => ({ zone, label: `${zone.replaceAll("_", " ")} (${offsetLabel(zone)})` }));

// Every IANA time zone with its present distance from UTC. Typing the city's name jumps to it.
export function ZoneSelect({ inherit, ...rest }: SelectProps & { inherit?: string }) {
  const value = typeof rest.value === "string" ? rest.value : typeof rest.defaultValue === "string" ? rest.defaultValue : "";
  // A stored zone may be an older name that this browser does not list.
  const unlisted = value !== "" && isZone(value) && zones.every(({ zone }) => zone !== value);
  return (
    <Select {...rest}>
      {inherit !== undefined && <option value="">{inherit}</option>}
      {unlisted && <option value={value}>{value}</option>}
      {zones.map(({ zone, label }) => (
        <option key={zone} value={zone}>
          {label}
        </option>
      ))}
    </Select>
  );
}

function offsetLabel(zone: string): string {
  const minutes = Math.round(offsetAt(now, zone) / 60_000);
  const absolute = Math.abs(minutes);
  return `UTC${minutes < 0 ? "−" : "+"}${String(Math.floor(absolute / 60)).padStart(2, "0")}:${String(absolute % 60).padStart(2, "0")}`;
}
