/** Why the server could not start. Each has a page in docs/errors/ and an exit code (cli/exit.ts). */
export const startProblems = [
  'port-taken',
  'address-unavailable',
  'data-unreadable',
  'data-unwritable',
  'data-locked',
  'data-damaged',
  'sandbox-unavailable',
  'configuration',
  'certificate',
] as const;

export type StartProblem = (typeof startProblems)[number];

/** The message is shown to whoever started the server, so it says what was attempted, what was found and what to do. */
export class StartError extends Error {
  override readonly name = 'StartError';
  readonly problem: StartProblem;

  constructor(problem: StartProblem, message: string, options?: ErrorOptions) {
    super(message, options);
    this.problem = problem;
  }
}
