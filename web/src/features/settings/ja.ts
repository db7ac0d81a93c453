export const ja = {
  title: "設定",
};
