export const ja = {
  title: "選考管理",
};
