import { createContext, type ReactNode, useContext } from "react";
import type { ViewerQuery } from "./__generated__/viewer";

export type Viewer = ViewerQuery["viewer"];
export type Permission = Viewer["permissions"][number];

const Context = createContext<Viewer | null>(null);

export function ViewerProvider({ viewer, children }: { viewer: Viewer; children: ReactNode }) {
  return <Context value={viewer}>{children}</Context>;
}

/** Who is signed in. */
export function useViewer(): Viewer {
  const viewer = useContext(Context);
  if (!viewer) throw new Error("nobody is signed in here");
  return viewer;
}

/** Whether who is signed in has a duty: what they may not do is not shown. */
export function useMay(): (permission: Permission) => boolean {
  const { permissions } = useViewer();
  return (permission) => permissions.includes(permission);
}
