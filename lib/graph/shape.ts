import { ChunkedList } from "#lib/engine/live/chunked-list.ts";
import { compareText } from "./compare-text.ts";

interface Named {
  readonly id: string;
}

/** What lists with the same ids in the same order have in common: nothing but to be the same thing. */
type Shape = WeakKey;

function newShape(): Shape {
  return {};
}

/**
 * Of lists that a `ShapedList` made. Most changes in a cluster leave all ids as they are: what follows
 * from these alone is kept by their shape.
 */
const shapes = new WeakMap<readonly Named[], Shape>();

/**
 * A function that works out what follows from a list's ids and their order, once for all lists of one shape. It must
 * look at nothing else of what is in the list.
 */
export function keptForShape<T extends Named, V>(work: (list: readonly T[]) => V): (list: readonly T[]) => V {
  const kept = new WeakMap<WeakKey, { readonly value: V }>();
  return (list) => {
    const shape = shapes.get(list) ?? list;
    const known = kept.get(shape);
    if (known !== undefined) return known.value;
    const value = work(list);
    kept.set(shape, { value });
    return value;
  };
}

/** The same of two lists. */
export function keptForShapes<A extends Named, B extends Named, V>(
  work: (a: readonly A[], b: readonly B[]) => V,
): (a: readonly A[], b: readonly B[]) => V {
  const kept = new WeakMap<WeakKey, WeakMap<WeakKey, { readonly value: V }>>();
  return (a, b) => {
    const [shapeA, shapeB] = [shapes.get(a) ?? a, shapes.get(b) ?? b];
    const ofA = kept.get(shapeA) ?? new WeakMap<WeakKey, { readonly value: V }>();
    const known = ofA.get(shapeB);
    if (known !== undefined) return known.value;
    const value = work(a, b);
    kept.set(shapeA, ofA.set(shapeB, { value }));
    return value;
  };
}

/** A list sorted by id: itself where it is known to be. */
export function inOrder<T extends Named>(list: readonly T[]): readonly T[] {
  return shapes.has(list) ? list : list.toSorted((a, b) => compareText(a.id, b.id));
}

/**
 * A list sorted by id, of which the next state shares all that does not change. As a plain array it is there once somebody
 * asks for that: most viewers of the largest clusters look at one namespace of thousands.
 */
export class ShapedList<T extends Named> {
  readonly #list: ChunkedList<T>;
  readonly #shape: Shape;

  private constructor(list: ChunkedList<T>, shape: Shape) {
    this.#list = list;
    this.#shape = shape;
  }

  /** All of these lists as one. */
  static of<T extends Named>(lists: readonly (readonly T[])[]): ShapedList<T> {
    const sorted = lists.flat().sort((a, b) => compareText(a.id, b.id));
    return new ShapedList(ChunkedList.of(sorted), newShape());
  }

  get size(): number {
    return this.#list.size;
  }

  get items(): readonly T[] {
    const { items } = this.#list;
    shapes.set(items, this.#shape);
    return items;
  }

  get(id: string): T | undefined {
    return this.#list.get(id);
  }

  /** The things from this id on. */
  from(id: string): Iterable<T> {
    return this.#list.from(id);
  }

  /**
   * With some of its things changed: each pair is some of them, sorted by id, as they were and as they are. Of the same
   * shape where no id came or went.
   */
  with(pairs: readonly (readonly [readonly T[], readonly T[]])[]): ShapedList<T> {
    const gone = new Set<string>();
    const put = new Map<string, T>();
    const came = new Set<string>();
    for (const [was, is] of pairs) {
      for (const { before, after } of sideBySide(was, is)) {
        if (before === after) continue;
        if (after === undefined) gone.add(before?.id ?? "");
        else put.set(after.id, after);
        if (before === undefined && after !== undefined) came.add(after.id);
      }
    }
    const changes = new Map<string, T | undefined>([...gone].map((id) => [id, undefined]));
    for (const [id, thing] of put) changes.set(id, thing);
    const list = this.#list.with(changes);
    if (list === this.#list) return this;
    const isMoved = [...gone].some((id) => !put.has(id)) || [...came].some((id) => !gone.has(id));
    return new ShapedList(list, isMoved ? newShape() : this.#shape);
  }
}

/** Both sorted by id: of each id what there was, and what there is. */
function* sideBySide<T extends Named>(
  was: readonly T[],
  is: readonly T[],
): Generator<{ readonly before: T | undefined; readonly after: T | undefined }, void> {
  let [one, other] = [0, 0];
  while (one < was.length || other < is.length) {
    const [before, after] = [was[one], is[other]];
    const order = before === undefined ? 1 : after === undefined ? -1 : compareText(before.id, after.id);
    if (order <= 0) one += 1;
    if (order >= 0) other += 1;
    yield { before: order <= 0 ? before : undefined, after: order >= 0 ? after : undefined };
  }
}
