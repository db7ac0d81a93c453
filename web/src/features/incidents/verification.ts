/** How a program that is told makes sure that it was Renkei who told it. */
export const verification = `import { createHmac, timingSafeEqual } from "node:crypto";

function verified(secret, headers, body) {
  const age = Date.now() / 1000 - Number(headers["webhook-timestamp"]);
  if (!(Math.abs(age) < 300)) return false;
  const key = Buffer.from(secret.replace("whsec_", ""), "base64");
  const said = [headers["webhook-id"], headers["webhook-timestamp"], body].join(".");
  const expected = createHmac("sha256", key).update(said).digest();
  return headers["webhook-signature"].split(" ").some((signature) => {
    const given = Buffer.from(signature.replace("v1,", ""), "base64");
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
}`;
