export const ja = {
  title: "取り込み履歴",
};
