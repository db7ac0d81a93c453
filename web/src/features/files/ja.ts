export const ja = {
  title: "ファイル取り込み",
};
