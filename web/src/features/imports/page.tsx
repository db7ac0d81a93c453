import "./texts";

export { Imports } from "./imports";
export { Run } from "./run";
export { Unreadable } from "./unreadable";
