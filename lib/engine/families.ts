import type { Pod, Service } from "#lib/model/objects.ts";
import { familyOf } from "./cidr.ts";

/** As `spec.ipFamilies` spells them. */
export type IpFamily = "IPv4" | "IPv6";

/** The family of an address as text; undefined when it is none. */
export function ipFamilyOf(address: string): IpFamily | undefined {
  const family = familyOf(address);
  return family === undefined ? undefined : `IPv${family}`;
}

/** Whether a pod has addresses and none of a family that the Service asks for, so that no EndpointSlice can list it. */
export function lacksFamilies({ ipFamilies }: Service, { ips }: Pod): boolean {
  return (
    ipFamilies.length > 0 &&
    ips.length > 0 &&
    !ips.some((ip) => ipFamilies.some((family) => family === ipFamilyOf(ip)))
  );
}
