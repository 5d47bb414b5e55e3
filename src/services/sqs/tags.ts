import { invalidValue } from './errors.ts';

const tagsMax = 50;

export function checkTags(before: Readonly<Record<string, string>>, added: Readonly<Record<string, string>>): void {
  const count = Object.keys({ ...before, ...added }).length;
  if (count > tagsMax) throw invalidValue(`Too many tags: a queue has at most ${tagsMax}, these would be ${count}.`);
  for (const [key, value] of Object.entries(added)) {
    if (key.length < 1 || key.length > 128)
      throw invalidValue('Tag keys must be between 1 and 128 characters in length.');
    if (value.length > 256) throw invalidValue('Tag values must be between 0 and 256 characters in length.');
    if (/^aws:/i.test(key)) throw invalidValue('Tag keys must not start with aws:, which is reserved.');
  }
}
