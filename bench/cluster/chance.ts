/** Numbers that look like chance and are the same on every run and machine. */
export interface Chance {
  /** From 0 up to, but not, 1. */
  next(): number;
  /** A whole number from 0 up to, but not, `below`. */
  below(below: number): number;
  pick<T>(list: readonly [T, ...T[]]): T;
  /** That many hexadecimal digits. */
  hex(digits: number): string;
  /** That many characters as the API server appends them to a `generateName`. */
  suffix(length: number): string;
}

/** Without vowels and what looks like another, as k8s.io/apimachinery/pkg/util/rand has them. */
const suffixLetters = "bcdfghjklmnpqrstvwxz2456789";

/** Mulberry32: 32 bits of state are plenty for names and sizes. */
export function chanceFrom(seed: number): Chance {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (limit: number) => Math.floor(next() * limit);
  const word = (letters: string, length: number) => {
    let text = "";
    for (let i = 0; i < length; i++) text += letters.charAt(below(letters.length));
    return text;
  };
  return {
    next,
    below,
    pick: (list) => list[below(list.length)] ?? list[0],
    hex: (digits) => word("0123456789abcdef", digits),
    suffix: (length) => word(suffixLetters, length),
  };
}
