/** The header by which SDKs inside of functions say what a request belongs to; undefined for what does not look like one. */
export function passedTrace(header: string | undefined): string | undefined {
  return header !== undefined && pattern.test(header) ? header : undefined;
}

const pattern = /^(?=.{1,1024}$)(?:[\w=;:|.-]+;)?Root=[\w=;:|.-]+$/;
