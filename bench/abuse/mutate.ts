/** Small damage, chosen by chance, to text, bytes and what YAML is made of. */
import type { Chance } from "../cluster/chance.ts";

/** Short texts that programs stumble over. */
const stumbling = [
  "\0",
  "%00",
  "%",
  "%ff",
  "%zz",
  "%E0%A4%A",
  "%u0041",
  "%25252e",
  "../",
  "..%2f",
  "%2e%2e/",
  "..\\",
  "//",
  "/./",
  ";",
  "__proto__",
  "constructor",
  "prototype",
  "toString",
  "valueOf",
  "hasOwnProperty",
  "-1",
  "0",
  "1e999",
  "-0",
  "NaN",
  "Infinity",
  "9007199254740993",
  "99999999999999999999999999",
  "0x7fffffff",
  "true",
  "null",
  "~",
  "[]",
  "{}",
  "<script>alert(1)</script>",
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is what some templates would take for code
  "${7*7}",
  "{{7*7}}",
  "' OR 1=1 --",
  "\u202e",
  "\u2028",
  "\ufeff",
  "\ud800",
  "𐀀",
  "é́́́",
  "\t",
  "\r\n",
  "\n",
  " ",
  "\u001b[2J",
  ",",
  ":",
  "&",
  "=",
  "#",
  "?",
  "*",
  "(a+)+$",
] as const;

/** One to four changes to a text. It may grow to some 20,000 characters more. */
export function damagedText(text: string, chance: Chance): string {
  let changed = text;
  for (let times = 1 + chance.below(4); times > 0; times--) changed = changedOnce(changed, chance);
  return changed;
}

function changedOnce(text: string, chance: Chance): string {
  const at = chance.below(text.length + 1);
  const end = Math.min(text.length, at + 1 + chance.below(24));
  const [before, span, after] = [text.slice(0, at), text.slice(at, end), text.slice(end)];
  switch (chance.below(9)) {
    case 0:
      return before;
    case 1:
      return before + after;
    case 2:
      return before + span + span + after;
    case 3:
      return `${before}${String.fromCharCode(chance.below(256))}${text.slice(at + 1)}`;
    case 4:
      return before + chance.pick(stumbling) + span + after;
    case 5:
      return before + chance.pick(stumbling) + after;
    case 6:
      return after + span + before;
    case 7:
      return before + (span === "" ? "a" : span).repeat(1 + chance.below(800)) + after;
    default:
      return text.replaceAll(/\d+/g, (digits) => (chance.below(3) === 0 ? chance.pick(stumbling) : digits));
  }
}

/** Flips, cuts, repeats or overwrites bytes. */
export function damagedBytes(bytes: Buffer, chance: Chance): Buffer {
  let changed = Buffer.from(bytes);
  for (let times = 1 + chance.below(4); times > 0; times--) {
    const at = chance.below(changed.length + 1);
    const end = Math.min(changed.length, at + 1 + chance.below(64));
    switch (chance.below(6)) {
      case 0:
        changed = changed.subarray(0, at);
        break;
      case 1:
        changed = Buffer.concat([changed.subarray(0, at), changed.subarray(end)]);
        break;
      case 2:
        changed = Buffer.concat([changed.subarray(0, end), changed.subarray(at)]);
        break;
      case 3:
        for (let i = at; i < end; i++) changed[i] = chance.below(256);
        break;
      default:
        if (at < changed.length) changed[at] = (changed[at] ?? 0) ^ (1 << chance.below(8));
    }
  }
  return changed;
}

/** Any text of the list. */
export function stumblingText(chance: Chance): string {
  return chance.pick(stumbling);
}

/** A value that stands where another is meant to. */
export function wrongValue(chance: Chance): unknown {
  const values: readonly [() => unknown, ...(() => unknown)[]] = [
    () => null,
    () => "",
    () => [],
    () => ({}),
    () => [null],
    () => [[[[]]]],
    () => true,
    () => -1,
    () => 0,
    () => 1e308,
    () => Number.POSITIVE_INFINITY,
    () => Number.NaN,
    () => 2 ** 53 + 2,
    () => 65_536.5,
    () => chance.pick(stumbling),
    () => "x".repeat(chance.below(5_000)),
    () => ({ [chance.pick(stumbling)]: chance.pick(stumbling) }),
    () => Array.from({ length: chance.below(300) }, () => chance.pick(stumbling)),
    () => nested(chance.below(200)),
    () => new Date(chance.below(2_000_000_000) * 1_000),
    () => JSON.parse('{"__proto__": {"isAdmin": true}, "constructor": {"prototype": {}}}') as unknown,
  ];
  return chance.pick(values)();
}

function nested(depth: number): unknown {
  let value: unknown = "deep";
  for (let i = 0; i < depth; i++) value = i % 2 === 0 ? [value] : { a: value };
  return value;
}

/** The same tree with something in it lost, doubled, renamed or of another type. The tree given stays as it is. */
export function damagedTree(tree: unknown, chance: Chance): unknown {
  const copy = structuredClone(tree);
  for (let times = 1 + chance.below(5); times > 0; times--) {
    const holders: object[] = [];
    collect(copy, holders);
    const holder = holders[chance.below(holders.length)];
    if (holder === undefined) return wrongValue(chance);
    const keys = Object.keys(holder);
    const key = keys[chance.below(keys.length)];
    if (key === undefined) continue;
    switch (chance.below(6)) {
      case 0:
        Reflect.deleteProperty(holder, key);
        break;
      case 1:
        put(holder, chance.pick(stumbling), Reflect.get(holder, key));
        break;
      case 2: {
        // What another object has there: the right shape in the wrong place.
        const other = holders[chance.below(holders.length)];
        put(holder, key, structuredClone(other ?? null));
        break;
      }
      case 3:
        if (Array.isArray(holder)) holder.push(...structuredClone([...holder].slice(0, 50)));
        else put(holder, key, wrongValue(chance));
        break;
      default:
        put(holder, key, wrongValue(chance));
    }
  }
  return copy;
}

/** As a field of its own, also where it is called `__proto__`. */
function put(holder: object, key: string, value: unknown): void {
  Object.defineProperty(holder, key, { value, writable: true, enumerable: true, configurable: true });
}

function collect(value: unknown, into: object[]): void {
  if (typeof value !== "object" || value === null || value instanceof Date) return;
  into.push(value);
  for (const each of Object.values(value)) collect(each, into);
}
