export const ja = {
  title: "振り分けルール",
};
