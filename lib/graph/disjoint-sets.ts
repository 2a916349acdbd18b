/** Numbers 0 to `size` - 1 in sets that can be joined. The smallest number stands for its set. */
interface DisjointSets {
  join(a: number, b: number): void;
  find(a: number): number;
}

export function disjointSets(size: number): DisjointSets {
  const parent = Int32Array.from({ length: size }, (_, number) => number);
  function find(a: number): number {
    let root = a;
    for (let next = parent[root] ?? root; next !== root; next = parent[root] ?? root) root = next;
    for (let here = a; here !== root; ) {
      const next = parent[here] ?? root;
      parent[here] = root;
      here = next;
    }
    return root;
  }
  return {
    find,
    join(a, b) {
      const rootA = find(a);
      const rootB = find(b);
      parent[Math.max(rootA, rootB)] = Math.min(rootA, rootB);
    },
  };
}
