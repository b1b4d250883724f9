import { useEffect } from "react";
import { applyAccent } from "@/lib/accent";
import { usePreference } from "@/lib/preference";
import { themePreference } from "@/lib/theme";
import { useBrandFilter, useBrands } from "@/lib/workspace/context";

// The app wears the colour of the brand in front of the person: the chosen one, or the only one there is.
export function useBrandAccent(): void {
  const brands = useBrands();
  const [chosen] = useBrandFilter();
  const [theme] = usePreference(themePreference);
  const brand = chosen ?? (brands.length === 1 ? brands[0] : undefined);
  const color = brand?.color ?? null;
  useEffect(() => {
    applyAccent(color);
    return () => applyAccent(null);
  }, [color, theme]);
}
