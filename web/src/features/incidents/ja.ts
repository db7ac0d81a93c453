export const ja = {
  title: "お知らせ",
};
