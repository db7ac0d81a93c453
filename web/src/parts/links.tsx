import { Anchor, type AnchorProps, Button, type ButtonProps } from "@mantine/core";
import { createLink } from "@tanstack/react-router";
import type { AnchorHTMLAttributes, Ref } from "react";

type Attributes<Props> = Omit<AnchorHTMLAttributes<HTMLAnchorElement>, keyof Props> & { ref?: Ref<HTMLAnchorElement> };

function PlainAnchor(props: AnchorProps & Attributes<AnchorProps>) {
  return <Anchor {...props} />;
}

function PlainButton(props: ButtonProps & Attributes<ButtonProps>) {
  return <Button component="a" {...props} />;
}

/** A link within the console that looks like one. */
export const TextLink = createLink(PlainAnchor);

/** A link within the console that looks like a button. */
export const ButtonLink = createLink(PlainButton);
