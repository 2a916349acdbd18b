/** Archives that lead elsewhere, lie about their sizes, unpack to far more than they are, or end too early. */
import { gzipSync } from "node:zlib";
import type { Chance } from "../cluster/chance.ts";
import { damagedManifest, type Manifests } from "./manifests.ts";
import { damagedBytes, stumblingText } from "./mutate.ts";

export interface Archive {
  readonly name: string;
  readonly bytes: Buffer;
}

const names = [
  "shop/web.yaml",
  "../../../etc/passwd.yaml",
  "/etc/cron.d/a.yaml",
  "C:\\Windows\\a.yaml",
  "a/../../b.yaml",
  "..",
  "",
  ".",
  "a".repeat(100),
  "cluster-resources/pods/shop.json",
  "cluster-resources/pods/shop-errors.json",
  "bundle/cluster-info/cluster_version.json",
  "bundle/cluster-resources/resources.json",
  "bundle/version.yaml",
  "__proto__.yaml",
  "constructor/prototype.json",
  "inner.tar.gz",
  "a.yaml/b.yaml",
  "._a.yaml",
  "\u202elmay.yaml",
] as const;

/** Sizes as a header could have them: octal, with spaces or NULs, negative, base 256, no number at all. */
const sizes = [
  "00000000000\0",
  "77777777777\0",
  "777777777777",
  "-0000000001\0",
  "0x00000010\0\0",
  "           \0",
  "99999999999\0",
  "\u0080\0\0\0\0\0\0\0\u007f\u00ff\u00ff\u00ff",
  "\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff",
] as const;

/** Plain, links, devices, folders, pax and GNU long names, sparse, and letters that stand for nothing. */
const types = ["0", "\0", "1", "2", "3", "4", "5", "6", "7", "g", "x", "L", "K", "S", "V", "D", "Z"] as const;

export function damagedArchive(chance: Chance, from: Manifests, number: number): Archive {
  const count = chance.below(6);
  const entries = Array.from({ length: count }, () => entry(chance, from, number));
  const tail = Buffer.alloc(chance.pick([0, 512, 1_024, 1_024, 10_240]));
  const tar = Buffer.concat([...entries, tail]);
  const name = chance.pick(["a.tar", "a.tar.gz", "a.tgz", "a.gz", "a.yaml", "a.zip", "a.json.gz", "a"]);
  switch (chance.below(12)) {
    case 0:
      return { name, bytes: tar };
    case 1:
      return { name, bytes: tar.subarray(0, chance.below(tar.length + 1)) };
    case 2:
      return { name, bytes: damagedBytes(tar, chance) };
    case 3: {
      const packed = gzipSync(tar);
      return { name, bytes: packed.subarray(0, chance.below(packed.length + 1)) };
    }
    case 4:
      return { name, bytes: damagedBytes(gzipSync(tar), chance) };
    case 5:
      return { name, bytes: gzipSync(gzipSync(gzipSync(tar))) };
    case 6:
      // Members one after the other, zeros and rubbish behind the last.
      return {
        name,
        bytes: Buffer.concat([gzipSync(tar), gzipSync(tar), Buffer.from(stumblingText(chance).repeat(9))]),
      };
    case 7:
      return { name, bytes: zip(chance) };
    case 8:
      return { name, bytes: bombOf(chance) };
    case 9: {
      const magics = [
        "425a68",
        "fd377a585a00",
        "28b52ffd",
        "377abcaf271c",
        "526172211a0700",
        "1f8b",
        "1f8b0800",
        "504b",
        "efbbbf",
        "fffe",
        "feff",
      ] as const;
      return {
        name,
        bytes: damagedBytes(Buffer.concat([Buffer.from(chance.pick(magics), "hex"), tar]), chance),
      };
    }
    default:
      return { name, bytes: gzipSync(tar) };
  }
}

function entry(chance: Chance, from: Manifests, number: number): Buffer {
  // Most of what an archive holds can be read, or nobody would get to the rest.
  const content =
    chance.below(3) === 0
      ? damagedManifest(chance, from, number).subarray(0, 200_000)
      : Buffer.from(chance.pick(from.texts));
  const size =
    chance.below(8) === 0 ? chance.pick(sizes) : `${content.length.toString(8).padStart(11, "0")}\0`;
  const header = Buffer.alloc(512);
  header.write(chance.below(2) === 0 ? `${chance.hex(4)}.yaml` : chance.pick(names), 0, 100, "utf8");
  header.write("0000644\0", 100, "latin1");
  header.write(size, 124, 12, "latin1");
  header.write(chance.below(5) === 0 ? chance.pick(sizes) : "14000000000\0", 136, 12, "latin1");
  header.write(chance.below(5) === 0 ? chance.pick(types) : "0", 156, "latin1");
  header.write(chance.pick(["", "/etc/passwd", "../../../etc/shadow", "a.yaml"]), 157, 100, "utf8");
  header.write(chance.below(8) === 0 ? "\0" : chance.pick(["ustar\x0000", "ustar  \0"]), 257, "latin1");
  if (chance.below(6) === 0) header.write("../".repeat(40), 345, 155, "latin1");
  // Of a header that lies, the sum is right: it is read on.
  header.fill(" ", 148, 156);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  const pad = Buffer.alloc((512 - (content.length % 512)) % 512);
  return Buffer.concat([header, pax(chance, content), pad]);
}

/** In place of some contents, records that pax headers are made of. */
function pax(chance: Chance, content: Buffer): Buffer {
  if (chance.below(12) !== 0) return content;
  const records = chance.pick([
    "99999999999 path=a\n",
    "-5 path=a\n",
    "16 size=-12345\n",
    "30 path=../../../../../a.yaml\n",
    "x",
    "12 __proto__=\n",
    "0 \n",
  ]);
  return Buffer.from(records.repeat(Math.ceil(content.length / records.length))).subarray(0, content.length);
}

function zip(chance: Chance): Buffer {
  const header = Buffer.alloc(30);
  header.writeUInt32LE(chance.pick([0x04034b50, 0x06054b50, 0x02014b50]), 0);
  for (let i = 4; i < header.length; i++) header[i] = chance.below(256);
  return Buffer.concat([header, Buffer.from(chance.pick(names)), Buffer.alloc(chance.below(5_000), 1)]);
}

/** Zeros, or one repeated object: up to half a MB of it in a kB. (How much is taken at most is for `files-source.test.ts` to say.) */
function bombOf(chance: Chance): Buffer {
  const bytes = 1_000 + chance.below(500_000);
  const unit = chance.pick([
    "\0".repeat(1_000),
    "- ".repeat(500),
    "{}\n---\n".repeat(150),
    '[{"a":[{'.repeat(100),
    " ".repeat(1_000),
    "a: b\n".repeat(200),
    "#".repeat(1_000),
  ]);
  return gzipSync(Buffer.from(unit.repeat(bytes / unit.length)), { level: 9 });
}
