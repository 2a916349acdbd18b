/**
 * A function that works out each thing's value once, and keeps it for as long as the thing lives. From one state of a
 * cluster to the next most facts are the same objects, so that only what changed is worked out anew.
 */
export function keptFor<K extends WeakKey, V>(work: (thing: K) => V): (thing: K) => V {
  const kept = new WeakMap<K, { readonly value: V }>();
  return (thing) => {
    const known = kept.get(thing);
    if (known !== undefined) return known.value;
    const value = work(thing);
    kept.set(thing, { value });
    return value;
  };
}
