import { Button } from "@mantine/core";
import { IconChevronDown } from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";
import { useViewer } from "../graphql/viewer";

const PersonMenu = lazy(async () => ({ default: (await import("./person-menu")).PersonMenu }));

/** Who is signed in. What else there is to say and do comes when it is asked for. */
export function PersonButton() {
  const { member } = useViewer();
  const [asked, setAsked] = useState(false);
  const button = (
    <Button
      variant="subtle"
      color="gray"
      aria-haspopup="dialog"
      rightSection={<IconChevronDown size={16} aria-hidden />}
      onClick={() => setAsked(true)}
    >
      {member.name}
    </Button>
  );
  if (!asked) return button;
  return (
    <Suspense fallback={button}>
      <PersonMenu />
    </Suspense>
  );
}
