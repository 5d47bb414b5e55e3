/** Policies as they are given to IAM: checked, and not larger than IAM takes them. White space does not count. */

import { type PolicyKind, readDocument } from '../../iam/policy/document.ts';
import { MalformedPolicy } from '../../iam/policy/malformed.ts';
import { policyOf } from '../../iam/policy/policy.ts';
import { limitExceeded, malformedDocument } from './errors.ts';

const trustCharactersMax = 2_048;
const managedCharactersMax = 6_144;
const inlineCharactersMax = { role: 10_240, user: 2_048 } as const;

export function checkedTrust(text = '', roleName: string): string {
  checked(text, 'trust');
  if (charactersOf(text) > trustCharactersMax) {
    throw limitExceeded(`Cannot exceed quota for ACLSizePerRole: ${trustCharactersMax}`);
  }
  const { statements } = readDocument(text, 'trust');
  if (!statements.every(({ action }) => action.of.every((each) => /^sts:/i.test(each)))) {
    throw malformedDocument(`AssumeRole policy of ${roleName} may only specify STS AssumeRole actions.`);
  }
  return text;
}

export function checkedManaged(text = ''): string {
  checked(text, 'identity');
  if (charactersOf(text) <= managedCharactersMax) return text;
  throw limitExceeded(`Cannot exceed quota for PolicySize: ${managedCharactersMax}`);
}

/** `others`: the texts that the holder has besides; the quota is for all together. */
export function checkedInline(kind: 'role' | 'user', name: string, text = '', others: readonly string[]): string {
  checked(text, 'identity');
  const max = inlineCharactersMax[kind];
  if ([text, ...others].reduce((sum, each) => sum + charactersOf(each), 0) <= max) return text;
  throw limitExceeded(`Maximum policy size of ${max} bytes exceeded for ${kind} ${name}`);
}

function checked(text: string, kind: PolicyKind): void {
  try {
    policyOf(text, kind);
  } catch (error) {
    if (error instanceof MalformedPolicy) throw malformedDocument(error.message);
    throw error;
  }
}

function charactersOf(text: string): number {
  return text.replace(/\s/g, '').length;
}

/** As answers carry it: RFC 3986, which leaves fewer characters alone than `encodeURIComponent` does. */
export function encodedDocument(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
