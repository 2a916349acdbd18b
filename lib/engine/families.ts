import type { Service } from "#lib/model/objects.ts";
import { familyOf } from "./cidr.ts";

/** As `spec.ipFamilies` spells them. */
export type IpFamily = "IPv4" | "IPv6";

/** The family of an address as text; undefined when it is none. */
export function ipFamilyOf(address: string): IpFamily | undefined {
  const family = familyOf(address);
  return family === undefined ? undefined : `IPv${family}`;
}

/** Whether there are addresses and none of a family that the Service asks for, so that no EndpointSlice can list them. */
export function lacksFamilies({ ipFamilies }: Service, addresses: readonly string[]): boolean {
  return (
    ipFamilies.length > 0 &&
    addresses.length > 0 &&
    !addresses.some((ip) => ipFamilies.some((family) => family === ipFamilyOf(ip)))
  );
}
