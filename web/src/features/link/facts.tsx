import { SimpleGrid } from "@mantine/core";
import type { ReactNode } from "react";

/** What is known of an account, each with its name. */
export function Facts({ children }: { children: ReactNode }) {
  return (
    <SimpleGrid component="dl" cols={{ base: 1, xs: 2, md: 4 }} spacing="md" m={0}>
      {children}
    </SimpleGrid>
  );
}
