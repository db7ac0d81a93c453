import "./texts";

export { Opening } from "./opening";
export { Openings } from "./openings";
