/**
 * The `Condition` of a statement. All its operators must hold, and all their keys (AND); of a key's values one must fit
 * (OR), or none for a negated operator (NOR).
 */
import { malformed } from './malformed.ts';
import { operatorOf, type ValueTest } from './operators.ts';
import type { ConditionContext } from './template.ts';

export type Condition = (context: ConditionContext) => boolean;

/** As a document has it: operator → key → values. */
export type ConditionElement = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

// `ForAnyValue:StringEqualsIfExists`
const operatorName = /^(?:(?<set>ForAnyValue|ForAllValues):)?(?<base>[A-Za-z]+?)(?<optional>IfExists)?$/i;

export function conditionsOf(element: ConditionElement, variables: boolean): Condition[] {
  return Object.entries(element).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, values]) => conditionOf(operator, key.toLowerCase(), values, variables)),
  );
}

function conditionOf(name: string, key: string, values: readonly string[], variables: boolean): Condition {
  const { set = '', base = '', optional } = operatorName.exec(name)?.groups ?? {};
  if (base.toLowerCase() === 'null' && set === '' && optional === undefined) return nullCondition(key, values);
  const operator = operatorOf(base);
  if (operator === undefined) throw malformed(`Invalid Condition type : ${name}`);
  const tests = values.map((value) => operator.test(value, variables));
  const one = operator.negated ? noneFits(tests) : someFits(tests);
  const { whenAbsent, whole } = quantified(set.toLowerCase(), operator.negated);
  return (context) => {
    const given = context.get(key);
    if (given === undefined || given.length === 0) return optional !== undefined || whenAbsent;
    return typeof given === 'string' ? one(given, context) : whole(given, (value) => one(value, context));
  };
}

/** What holds for a key that the request does not have, and how the values of a set count together. */
function quantified(set: string, negated: boolean) {
  type Whole = (given: readonly string[], fits: (value: string) => boolean) => boolean;
  const some: Whole = (given, fits) => given.some(fits);
  const every: Whole = (given, fits) => given.every(fits);
  if (set === 'forallvalues') return { whenAbsent: true, whole: every };
  if (set === 'foranyvalue') return { whenAbsent: false, whole: some };
  return { whenAbsent: negated, whole: negated ? every : some };
}

function someFits(tests: readonly ValueTest[]): ValueTest {
  return (given, context) => tests.some((test) => test(given, context));
}

function noneFits(tests: readonly ValueTest[]): ValueTest {
  return (given, context) => !tests.some((test) => test(given, context));
}

/** `"Null": {"key": "true"}`: the request must not have the key. */
function nullCondition(key: string, values: readonly string[]): Condition {
  const wanted = values.map((value) => value.toLowerCase());
  if (wanted.some((value) => value !== 'true' && value !== 'false')) {
    throw malformed(`Invalid boolean in condition: ${values.join(', ')}`);
  }
  return (context) => {
    const given = context.get(key);
    const absent = given === undefined || given.length === 0;
    return wanted.includes(String(absent));
  };
}
