import { CloseButton, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

interface SearchBoxProps {
  /** What is searched for now. */
  value: string;
  onSearch: (words: string) => void;
}

/** Words to search for, as one types: but not before an input method has made characters of the keys. */
export function SearchBox({ value, onSearch }: SearchBoxProps) {
  const { t } = useTranslation("candidates");
  const [text, setText] = useState(value);
  const [asked, setAsked] = useState(value);
  // Somebody went back, or followed a link.
  if (value !== asked) {
    setAsked(value);
    setText(value);
  }
  const ask = (words: string) => {
    setAsked(words);
    onSearch(words);
  };
  const askSoon = useDebouncedCallback((typed: string) => ask(typed.trim()), 200);
  return (
    <TextInput
      type="search"
      role="searchbox"
      label={t("search.label")}
      description={t("search.hint")}
      maxLength={200}
      autoComplete="off"
      leftSection={<IconSearch size={16} aria-hidden />}
      rightSection={
        text && (
          <CloseButton
            size="sm"
            aria-label={t("search.clear")}
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
    />
  );
}
