import { ServerResponse } from "node:http";

/**
 * Next hands the headers of route handlers on as lists, and the compression below it takes a content type in a list for
 * none: no answer of the API, and no stream, would be compressed. Here the list of one becomes its text again.
 */
export function sendWholeContentTypes(): void {
  const setHeader = ServerResponse.prototype.setHeader;
  ServerResponse.prototype.setHeader = function (name, value) {
    const isType = name.toLowerCase() === "content-type" && Array.isArray(value) && value.length === 1;
    return setHeader.call(this, name, isType ? String(value[0]) : value);
  };
}
