import { useTranslation } from "react-i18next";

const units = ["byte", "kilobyte", "megabyte"] as const;

/** Says how large a file is. */
export function useSize(): (bytes: number) => string {
  const { i18n } = useTranslation();
  return (bytes) => {
    const step = bytes < 1_000 ? 0 : bytes < 1_000_000 ? 1 : 2;
    return new Intl.NumberFormat(i18n.language, {
      style: "unit",
      unit: units[step] ?? "byte",
      unitDisplay: step === 0 ? "long" : "short",
      maximumFractionDigits: 1,
    }).format(bytes / 1_000 ** step);
  };
}
