// The alphabet Kubernetes draws suffixes from: no vowels, nothing that looks like something else.
const alphabet = "bcdfghjklmnpqrstvwxz2456789";

/** FNV-1a: the same text always gives the same number. */
export function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    value ^= text.charCodeAt(i);
    value = Math.imul(value, 0x01000193) >>> 0;
  }
  // FNV leaves texts that differ in their last letter close together.
  value = Math.imul(value ^ (value >>> 15), 0x2c1b3c6d) >>> 0;
  value = Math.imul(value ^ (value >>> 12), 0x297a2d39) >>> 0;
  return (value ^ (value >>> 15)) >>> 0;
}

/** The five letters at the end of a pod's or EndpointSlice's name. */
export function suffix(key: string): string {
  let rest = hash(key);
  let text = "";
  for (let i = 0; i < 5; i++) {
    text += alphabet[rest % alphabet.length];
    rest = Math.floor(rest / alphabet.length);
  }
  return text;
}

/** A pod-template-hash: decimal digits spelled in the alphabet, as Kubernetes does it. */
export function templateHash(key: string): string {
  return [...String(hash(key))].map((digit) => alphabet[digit.charCodeAt(0) % alphabet.length]).join("");
}

/** Sixteen hex digits, as events end in. */
export function hex(key: string): string {
  return [key, `${key}/2`].map((part) => hash(part).toString(16).padStart(8, "0")).join("");
}
