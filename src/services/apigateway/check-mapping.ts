/** Mapping expressions: where a parameter comes from and where it goes. */
import { badRequest } from './parts.ts';

const name = "[A-Za-z0-9!#$%&'*+.^_`|~\\[\\]:-]+";
const requestTarget = new RegExp(`^integration\\.request\\.(path|querystring|header)\\.${name}$`);
const requestSource = new RegExp(
  `^(method\\.request\\.(path|querystring|header|multivaluequerystring|multivalueheader)\\.${name}|method\\.request\\.body(\\.\\S+)?|context\\.${name}|stageVariables\\.\\w+|'[\\s\\S]*')$`,
);
const declared = new RegExp(
  `^method\\.request\\.(path|querystring|header|multivaluequerystring|multivalueheader)\\.${name}$`,
);
const responseTarget = new RegExp(`^method\\.response\\.(header|multivalueheader)\\.${name}$`);
const responseSource = new RegExp(
  `^(integration\\.response\\.(header|multivalueheader)\\.${name}|integration\\.response\\.body(\\.\\S+)?|context\\.${name}|stageVariables\\.\\w+|'[\\s\\S]*')$`,
);
const gatewayTarget = new RegExp(`^gatewayresponse\\.(header|querystring|path)\\.${name}$`);
const gatewaySource = new RegExp(
  `^(method\\.request\\.(path|querystring|header|multivaluequerystring|multivalueheader)\\.${name}|context\\.${name}|stageVariables\\.\\w+|'[\\s\\S]*')$`,
);

type Texts = Readonly<Record<string, string>>;

export function checkRequestMapping(parameters: Texts | undefined): void {
  check(parameters, requestTarget, requestSource);
}

export function checkResponseMapping(parameters: Texts | undefined, declaredNames: readonly string[]): void {
  check(parameters, responseTarget, responseSource);
  for (const target of Object.keys(parameters ?? {})) {
    if (!declaredNames.includes(target)) throw invalid(target);
  }
}

export function checkGatewayMapping(parameters: Texts | undefined): void {
  check(parameters, gatewayTarget, gatewaySource);
}

/** The parameters that a method declares. */
export function checkDeclared(parameters: Readonly<Record<string, boolean>> | undefined): void {
  for (const key of Object.keys(parameters ?? {})) if (!declared.test(key)) throw invalid(key);
}

export function checkDeclaredHeaders(parameters: Readonly<Record<string, boolean>> | undefined): void {
  for (const key of Object.keys(parameters ?? {})) if (!responseTarget.test(key)) throw invalid(key);
}

function check(parameters: Texts | undefined, target: RegExp, source: RegExp): void {
  for (const [key, value] of Object.entries(parameters ?? {})) {
    if (!target.test(key)) throw invalid(key);
    if (!source.test(value)) throw invalid(value);
  }
}

function invalid(expression: string) {
  return badRequest(
    `Invalid mapping expression specified: Validation Result: warnings : [], errors : [Invalid mapping expression parameter specified: ${expression}]`,
  );
}
