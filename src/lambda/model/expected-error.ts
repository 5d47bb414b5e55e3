import { AwsError } from '../../aws/errors.ts';

/** For tests, as the second argument of `assert.throws` and `assert.rejects`: the status, name and text of an AWS error. */
export function awsError(status: number, code: string, message: string | RegExp) {
  return (error: unknown) => {
    if (!(error instanceof AwsError)) throw error;
    const said = `${error.status} ${error.code}: ${error.message}`;
    const fits = typeof message === 'string' ? error.message === message : message.test(error.message);
    if (error.status === status && error.code === code && fits) return true;
    throw new Error(`expected ${status} ${code}: ${message}\n  but got ${said}`);
  };
}
