import "./texts";

export { OneFile as File } from "./file";
export { Files } from "./files";
