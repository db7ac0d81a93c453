import { CloseButton, TextInput, type TextInputProps } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

interface SearchBoxProps extends Pick<TextInputProps, "label" | "description" | "placeholder" | "flex" | "maw"> {
  /** What is searched for now, as the address says. */
  value: string;
  onSearch: (words: string) => void;
}

/**
 * Words to search for, as one types: but not before an input method has made characters of the keys. It follows the
 * address, though not where that only catches up with what was typed here.
 */
export function SearchBox({ value, onSearch, label, ...look }: SearchBoxProps) {
  const { t } = useTranslation();
  const [text, setText] = useState(value);
  // What was asked for here and has not come back yet: whoever types goes on meanwhile.
  const asked = useRef<string[]>([]);
  const known = useRef(value);
  const ask = (words: string) => {
    if (words === (asked.current.at(-1) ?? known.current)) return;
    asked.current.push(words);
    onSearch(words);
  };
  const askSoon = useDebouncedCallback((typed: string) => ask(typed.trim()), 200);
  useEffect(() => {
    if (value === known.current) return;
    known.current = value;
    const place = asked.current.indexOf(value);
    asked.current = place < 0 ? [] : asked.current.slice(place + 1);
    if (place >= 0) return;
    // Somebody went back, or followed a link.
    askSoon.cancel();
    setText(value);
  }, [value, askSoon]);
  return (
    <TextInput
      type="search"
      role="searchbox"
      label={label ?? t("search")}
      maxLength={200}
      autoComplete="off"
      leftSection={<IconSearch size={16} aria-hidden />}
      rightSection={
        text && (
          <CloseButton
            size="sm"
            aria-label={t("searchClear")}
            onClick={() => {
              askSoon.cancel();
              setText("");
              ask("");
            }}
          />
        )
      }
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value);
        const typing = event.nativeEvent;
        if (!("isComposing" in typing && typing.isComposing)) askSoon(event.currentTarget.value);
      }}
      onCompositionEnd={(event) => askSoon(event.currentTarget.value)}
      {...look}
    />
  );
}
